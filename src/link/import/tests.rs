#![allow(clippy::disallowed_methods, reason = "the tests make files")]

use super::*;
use crate::project::{Options, load};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// Loads a project that is written to a temporary folder for the time being.
fn project(files: &[(&str, &str)]) -> Project {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("backlint-import-{}-{number}", std::process::id());
    let root = std::env::temp_dir().join(name);
    for (path, text) in files {
        let path = root.join(path);
        let _ = std::fs::create_dir_all(path.parent().unwrap_or(&root));
        let _ = std::fs::write(path, text);
    }
    let paths: Vec<PathBuf> = Vec::new();
    let current_dir = root.clone();
    let project = load(&Options { paths, current_dir }).unwrap_or_default();
    let _ = std::fs::remove_dir_all(root);
    project
}

/// What a file's specifiers name: a path, `package/subpath` in brackets, `asset` or `missing`.
fn resolved(project: &Project, from: &str, specifiers: &[&str]) -> Vec<String> {
    let resolver = Resolver::new(project);
    let files = &project.sources.files;
    let index = files.iter().position(|file| &*file.path == from);
    let from = FileId(
        index
            .and_then(|at| u32::try_from(at).ok())
            .unwrap_or(u32::MAX),
    );
    let show = |specifier: &&str| match resolver.resolve(from, specifier) {
        Resolution::File(file) => project.sources.get(file).path.to_string(),
        Resolution::External { package, subpath } => format!("[{package}/{subpath}]"),
        Resolution::Asset => "asset".to_owned(),
        Resolution::Missing => "missing".to_owned(),
    };
    specifiers.iter().map(show).collect()
}

/// Compares pair by pair, so that a difference shows its specifier.
fn check(project: &Project, from: &str, expected: &[(&str, &str)]) {
    let specifiers: Vec<_> = expected.iter().map(|(specifier, _)| *specifier).collect();
    let found = resolved(project, from, &specifiers);
    let found: Vec<_> = specifiers
        .into_iter()
        .zip(found.iter().map(String::as_str))
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn relative_paths_try_extensions_and_folders() {
    let project = project(&[
        ("src/a.ts", ""),
        ("src/b.tsx", ""),
        ("src/c.server.ts", ""),
        ("src/d.ts", ""),
        ("src/d.js", ""),
        ("src/e.d.ts", ""),
        ("src/dir/index.js", ""),
        ("src/pkg/package.json", r#"{"main": "./start"}"#),
        ("src/pkg/start.js", ""),
        ("src/data.json", "{}"),
        ("index.ts", ""),
    ]);
    let expected = [
        ("./b", "src/b.tsx"),
        ("./b.js", "src/b.tsx"),
        ("./c.server", "src/c.server.ts"),
        ("./d", "src/d.ts"),
        ("./d.js", "src/d.ts"),
        ("./e", "src/e.d.ts"),
        ("./dir", "src/dir/index.js"),
        ("./dir/", "src/dir/index.js"),
        ("./pkg", "src/pkg/start.js"),
        ("..", "index.ts"),
        ("../index.js", "index.ts"),
        ("./data", "asset"),
        ("./x.css", "asset"),
        ("./gone", "missing"),
        ("../../out", "missing"),
        ("./b?raw", "src/b.tsx"),
    ];
    check(&project, "src/a.ts", &expected);
}

#[test]
fn aliases_come_before_packages() {
    let config = r#"{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["./src/*"],
        "@/gen/*": ["./generated/*", "./old/*"], "db": ["./src/db"], "*": ["./types/*"]}}}"#;
    let manifest = r##"{"name": "app", "dependencies": {"@/strange": "1"},
        "imports": {"#db": "./src/db.js", "#dep": "left-pad", "#x/*": "./lib/*.ts"}}"##;
    let project = project(&[
        ("tsconfig.json", config),
        ("sub/tsconfig.json", "{}"),
        ("sub/x.ts", ""),
        ("src/db.ts", ""),
        ("src/gen/x.ts", ""),
        ("old/x.ts", ""),
        ("lib/y.ts", ""),
        ("package.json", manifest),
    ]);
    let expected = [
        ("@/db", "src/db.ts"),
        ("@/gen/x", "old/x.ts"),
        ("@/gen/none", "missing"),
        ("db", "src/db.ts"),
        ("lib/y", "lib/y.ts"),
        ("zod", "[zod/]"),
        ("@/none", "missing"),
        ("@/a.svg", "asset"),
        ("#db", "src/db.ts"),
        ("#dep", "[left-pad/]"),
        ("#x/y", "lib/y.ts"),
        ("#none", "missing"),
        ("app/lib/y", "lib/y.ts"),
        ("fs/promises", "[node:fs/promises]"),
    ];
    check(&project, "src/db.ts", &expected);
    // A nearer configuration that says nothing of an alias leaves it to the one above.
    check(
        &project,
        "sub/x.ts",
        &[("@/db", "src/db.ts"), ("lib/y", "[lib/y]")],
    );
}

#[test]
fn an_alias_that_nobody_configures_is_guessed() {
    let project = project(&[("p/package.json", "{}"), ("p/src/a.ts", ""), ("p/b.ts", "")]);
    let expected = [
        ("@/a", "p/src/a.ts"),
        ("~/b", "p/b.ts"),
        ("@/none", "missing"),
        ("@scope/x", "[@scope/x/]"),
    ];
    check(&project, "p/b.ts", &expected);
}

#[test]
fn packages_of_the_workspace_lead_to_their_sources() {
    let ui = r#"{"name": "@acme/ui", "exports": {
        ".": {"types": "./dist/index.d.ts", "import": "./dist/index.mjs"},
        "./icons": {"import": {"types": "./dist/icons/index.d.ts", "default": "./dist/icons/index.js"}},
        "./styles.css": "./dist/styles.css",
        "./hooks/*": "./dist/esm/hooks/*.js"}}"#;
    let project = project(&[
        (
            "package.json",
            r#"{"workspaces": ["packages/*", "!packages/express"]}"#,
        ),
        ("packages/ui/package.json", ui),
        ("packages/ui/src/index.tsx", ""),
        ("packages/ui/src/icons/index.ts", ""),
        ("packages/ui/src/hooks/use-x.ts", ""),
        (
            "packages/utils/package.json",
            r#"{"name": "@acme/utils", "main": "dist/index.js"}"#,
        ),
        ("packages/utils/src/index.ts", ""),
        ("packages/utils/src/date.ts", ""),
        ("packages/express/package.json", r#"{"name": "express"}"#),
        ("packages/express/index.js", ""),
        (
            "apps/a/package.json",
            r#"{"dependencies": {"express": "^4"}}"#,
        ),
        ("apps/a/x.ts", ""),
        (
            "apps/b/package.json",
            r#"{"dependencies": {"express": "workspace:*"}}"#,
        ),
        ("apps/b/x.ts", ""),
    ]);
    let expected = [
        ("@acme/ui", "packages/ui/src/index.tsx"),
        ("@acme/ui/icons", "packages/ui/src/icons/index.ts"),
        ("@acme/ui/hooks/use-x", "packages/ui/src/hooks/use-x.ts"),
        ("@acme/ui/styles.css", "asset"),
        ("@acme/ui/none", "missing"),
        ("@acme/utils", "packages/utils/src/index.ts"),
        ("@acme/utils/date", "packages/utils/src/date.ts"),
        ("@acme/utils/src/date", "packages/utils/src/date.ts"),
        ("express", "[express/]"),
        ("express/lib/x", "[express/lib/x]"),
    ];
    check(&project, "apps/a/x.ts", &expected);
    check(
        &project,
        "apps/b/x.ts",
        &[("express", "packages/express/index.js")],
    );
}

#[test]
fn hostile_specifiers_resolve_to_something() {
    let manifest = r#"{"exports": {"./*/*": {"x": [[["./*"]]]}}}"#;
    let project = project(&[("a.ts", ""), ("package.json", manifest)]);
    for specifier in [
        "", "@", "@/", "/", "//", ".", "..", "#", "!", "?", ":", "node:", "npm:", "é", "@é/ü",
    ] {
        let _ = resolved(&project, "a.ts", &[specifier]);
    }
}
