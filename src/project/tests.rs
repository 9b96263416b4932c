use super::*;
use std::fs;
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder that is removed when the test ends.
struct Folder(PathBuf);

impl Folder {
    fn new(files: &[(&str, &str)]) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("backlint-project-{}-{number}", std::process::id());
        let folder = Self(std::env::temp_dir().join(name));
        for (path, text) in files {
            folder.write(path, text.as_bytes());
        }
        folder
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.0.join(path);
        let _ = fs::create_dir_all(path.parent().unwrap_or(&self.0));
        let _ = fs::write(path, bytes);
    }

    fn load(&self, paths: &[&str]) -> Result<Project, Error> {
        load(&Options {
            paths: paths.iter().map(PathBuf::from).collect(),
            current_dir: self.0.clone(),
        })
    }

    fn project(&self, paths: &[&str]) -> Project {
        self.load(paths).unwrap_or_default()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn names(project: &Project) -> Vec<&str> {
    let files = project.sources.files.iter();
    files.map(|file| &*file.path).collect()
}

fn gaps(project: &Project) -> Vec<(&str, GapKind)> {
    let gaps = project.gaps.iter();
    gaps.map(|gap| (gap.path.as_str(), gap.kind)).collect()
}

#[test]
fn the_walk_leaves_out_what_is_no_part_of_the_project() {
    let folder = Folder::new(&[
        (".gitignore", "dist/\n*.gen.ts\n"),
        ("b.ts", ""),
        ("a/z.mjs", ""),
        ("a/x.gen.ts", ""),
        ("dist/x.js", ""),
        ("node_modules/p/i.js", ""),
        (".hidden/x.ts", ""),
        (".claude/hook.js", ""),
        ("target/CACHEDIR.TAG", ""),
        ("target/x.rs", ""),
        ("src/target/x.rs", ""),
        ("readme.md", ""),
        ("db/schema.prisma", "model A {}"),
    ]);
    let project = folder.project(&["."]);
    assert_eq!(
        names(&project),
        [".claude/hook.js", "a/z.mjs", "b.ts", "src/target/x.rs"]
    );
    assert_eq!(project.other_files[0].path.as_ref(), "db/schema.prisma");
    assert_eq!(project.gaps, []);
}

#[test]
fn the_root_is_the_git_top_level_and_only_the_paths_are_selected() {
    let folder = Folder::new(&[
        (".git/HEAD", ""),
        ("a/x.ts", ""),
        ("b/y.ts", ""),
        ("c.ts", ""),
    ]);
    let project = folder.project(&["a", "c.ts"]);
    assert_eq!(names(&project), ["a/x.ts", "b/y.ts", "c.ts"]);
    assert_eq!(project.selected, [true, false, true]);
    assert!(project.selects("a/x.ts") && !project.selects("b/y.ts"));
}

#[test]
fn without_git_the_root_is_the_common_folder() {
    let folder = Folder::new(&[("p/a/x.ts", ""), ("p/b/y.ts", ""), ("q.ts", "")]);
    assert_eq!(
        names(&folder.project(&["p/a", "p/b/y.ts"])),
        ["a/x.ts", "b/y.ts"]
    );
    assert_eq!(
        names(&folder.project(&["q.ts"])),
        ["p/a/x.ts", "p/b/y.ts", "q.ts"]
    );
}

#[test]
fn a_path_that_is_named_is_read_although_it_is_ignored() {
    let folder = Folder::new(&[
        (".gitignore", "dist\n"),
        (".git/HEAD", ""),
        ("dist/x.ts", ""),
    ]);
    assert_eq!(names(&folder.project(&["dist"])), ["dist/x.ts"]);
    assert_eq!(names(&folder.project(&["dist/x.ts"])), ["dist/x.ts"]);
}

#[test]
fn bad_files_are_gaps() {
    let folder = Folder::new(&[("ok.ts", "")]);
    folder.write("binary.ts", b"G\0\0x");
    folder.write("large.ts", &vec![b' '; (1 << 20) + 1]);
    folder.write("latin.js", b"// caf\xe9");
    folder.write("lib.min.js", b"x");
    let project = folder.project(&[]);
    assert_eq!(names(&project), ["ok.ts"]);
    let expected = [
        ("binary.ts", GapKind::NotUtf8),
        ("large.ts", GapKind::TooLarge),
        ("latin.js", GapKind::NotUtf8),
        ("lib.min.js", GapKind::Generated),
    ];
    assert_eq!(gaps(&project), expected);
}

#[cfg(unix)]
#[test]
fn links_are_never_followed() {
    use std::os::unix::fs::symlink;
    let outside = Folder::new(&[("secret.ts", "")]);
    let folder = Folder::new(&[("a/x.ts", "")]);
    let _ = symlink(&outside.0, folder.0.join("out"));
    let _ = symlink(outside.0.join("secret.ts"), folder.0.join("s.ts"));
    let _ = symlink(&folder.0, folder.0.join("a/loop"));
    let _ = symlink("nothing", folder.0.join("dangling.ts"));
    let project = folder.project(&[]);
    assert_eq!(names(&project), ["a/x.ts"]);
    let links: Vec<_> = ["dangling.ts", "out", "s.ts"]
        .map(|path| (path, GapKind::Link))
        .into();
    assert_eq!(gaps(&project), links);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_utf8_is_a_gap() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new(&[("ok.ts", "")]);
    let name = std::ffi::OsStr::from_bytes(b"a\xff.ts");
    let _ = fs::write(folder.0.join(name), "");
    assert_eq!(
        gaps(&folder.project(&[])),
        [("a\u{fffd}.ts", GapKind::Unreadable)]
    );
}

#[test]
fn wrong_paths_and_empty_selections_are_errors() {
    let folder = Folder::new(&[("a/readme.md", ""), ("b/x.ts", "")]);
    assert!(matches!(folder.load(&["nope"]), Err(Error::Path { .. })));
    assert!(matches!(folder.load(&["a"]), Err(Error::Empty(_))));
    assert!(matches!(
        folder.load(&["a/readme.md"]),
        Err(Error::Empty(_))
    ));
}

#[test]
fn broken_manifests_are_gaps_with_a_line() {
    let folder = Folder::new(&[
        ("x.ts", ""),
        ("package.json", "{\n\"name\": x}"),
        ("tsconfig.json", "{\n// fine\n\"extends\": \"./none\",\n}"),
        ("a/tsconfig.json", "{\n[}"),
        ("Cargo.toml", "[package]\nname = \n"),
    ]);
    let project = folder.project(&[]);
    let lines: Vec<_> = project
        .gaps
        .iter()
        .map(|gap| (gap.path.as_str(), gap.line))
        .collect();
    let expected = [
        ("Cargo.toml", Some(2)),
        ("a/tsconfig.json", Some(2)),
        ("package.json", Some(2)),
        ("tsconfig.json", Some(3)),
    ];
    assert_eq!(lines, expected);
    assert!(project.gaps.iter().all(|gap| gap.kind == GapKind::Settings));
}

#[test]
fn tsconfigs_inherit_through_paths_packages_and_references() {
    let folder = Folder::new(&[
        (
            "packages/config/package.json",
            r#"{"name": "@acme/config"}"#,
        ),
        (
            "packages/config/base.json",
            r#"{"compilerOptions": {"paths": {"@/*": ["${configDir}/src/*"]}}}"#,
        ),
        (
            "apps/web/tsconfig.json",
            r#"{"extends": "@acme/config/base.json"}"#,
        ),
        (
            "apps/api/tsconfig.json",
            r#"{"extends": ["./a", "../web/tsconfig.json"], "compilerOptions": {"baseUrl": "lib"}}"#,
        ),
        ("apps/api/a.json", r#"{"extends": "./tsconfig.json"}"#),
        (
            "apps/vite/tsconfig.json",
            r#"{"references": [{"path": "./tsconfig.app.json"}]}"#,
        ),
        (
            "apps/vite/tsconfig.app.json",
            r#"{"compilerOptions": {"paths": {"~/*": ["./src/*"]}}}"#,
        ),
        ("x.ts", ""),
    ]);
    let project = folder.project(&[]);
    let mapping = |pattern: &str, target: &str| PathMapping {
        pattern: pattern.to_owned(),
        targets: vec![target.to_owned()],
    };
    assert_eq!(project.gaps, []);
    let [api, vite, web] = project.tsconfigs.as_slice() else {
        panic!("three configurations, not {}", project.tsconfigs.len());
    };
    assert_eq!(api.base_url.as_deref(), Some("apps/api/lib"));
    assert_eq!(api.paths, [mapping("@/*", "apps/api/src/*")]);
    assert_eq!(vite.paths, [mapping("~/*", "apps/vite/src/*")]);
    assert_eq!(web.paths, [mapping("@/*", "apps/web/src/*")]);
}

#[test]
fn the_nearest_manifest_holds() {
    let folder = Folder::new(&[
        ("package.json", r#"{"name": "root"}"#),
        ("pnpm-workspace.yaml", "packages:\n  - apps/*\n"),
        (
            "apps/a/package.json",
            r#"{"name": "a", "dependencies": {"express": "4"}}"#,
        ),
        ("apps/a/src/x.ts", ""),
        ("crates/c/Cargo.toml", "[package]\nname = \"c-c\"\n"),
        ("crates/c/src/lib.rs", ""),
    ]);
    let project = folder.project(&[]);
    assert_eq!(names(&project), ["apps/a/src/x.ts", "crates/c/src/lib.rs"]);
    let package = |file| {
        project
            .package_of(FileId(file))
            .and_then(|p| p.name.as_deref())
    };
    assert_eq!((package(0), package(1)), (Some("a"), Some("root")));
    assert_eq!(project.packages[0].workspaces, ["apps/*"]);
    assert!(project.packages[1].depends_on("express"));
    assert_eq!(
        project.crate_of(FileId(1)).map(|c| c.lib_name.as_str()),
        Some("c_c")
    );
    assert!(project.crate_of(FileId(0)).is_none());
}

#[test]
fn settings_are_strict_and_stay_inside_the_root() {
    let folder = Folder::new(&[("x.ts", ""), ("old/y.ts", ""), ("v.toml", "[[guard]]")]);
    folder.write(
        "backlint.toml",
        b"exclude = [\"old/**\"]\nvocabulary = [\"v.toml\"]\n",
    );
    let project = folder.project(&[]);
    assert_eq!(names(&project), ["x.ts"]);
    assert_eq!(
        project.settings.vocabulary,
        [("v.toml".to_owned(), "[[guard]]".to_owned())]
    );
    folder.write("backlint.toml", b"vocabulary = [\"none.toml\"]\n");
    let error = folder
        .load(&[])
        .err()
        .map(|error| error.to_string())
        .unwrap_or_default();
    assert!(
        error.starts_with("backlint.toml:1:15: none.toml: "),
        "{error}"
    );
    folder.write("backlint.toml", b"\nrule = 1\n");
    assert!(matches!(folder.load(&[]), Err(Error::Settings(e)) if e.line == 2));
}
