//! Bad input: each gets a clear message or a counted gap, and never a panic, an abort, a hang or a silent skip.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make files and start the program"
)]

mod support;

use rayon::prelude::*;
use support::folder::{Folder, Run};

/// How deep code is nested here.
const DEEP: usize = 100_000;

/// Files are read up to 1 MiB.
const LARGEST: usize = 1_000_000;

/// Runs the program, and fails if it does not end as it should.
fn checked(folder: &Folder, arguments: &[&str], what: &str) -> Run {
    let run = folder.run(arguments);
    let is_known = matches!(run.code, Some(0..=3)) && !run.words.contains("internal error");
    assert!(is_known, "{what}: {:?} {}", run.code, run.words);
    let is_sign = |c: char| c.is_control() && !matches!(c, '\n' | '\t') || is_reordering(c);
    let out = run.text() + &run.words;
    assert!(
        !out.contains(is_sign),
        "{what}: {:?}",
        out.escape_debug().to_string()
    );
    run
}

/// Signs that make text look as if it stood elsewhere.
fn is_reordering(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The kinds of the gaps of a run, with the files they are in.
fn gaps(folder: &Folder, what: &str) -> Vec<(String, String)> {
    let report = checked(folder, &["--format", "json", "--profile", "audit"], what).json();
    let gaps = report["gaps"].as_array().cloned().unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    gaps.iter()
        .map(|gap| (text(&gap["file"]), text(&gap["kind"])))
        .collect()
}

/// `before`, then `open` as often as goes into a file, then `middle`, then `close` as often. Lines are kept short, else it
/// would be taken for a bundle.
fn nested(before: &str, open: &str, middle: &str, close: &str, after: &str) -> String {
    let times = DEEP.min((LARGEST - 10_000) / (open.len() + close.len()).max(1) * 19 / 20);
    let mut text = before.to_owned();
    let repeat = |text: &mut String, unit: &str| {
        for number in 1..=times {
            text.push_str(unit);
            if number % 40 == 0 && !unit.is_empty() {
                text.push('\n');
            }
        }
    };
    repeat(&mut text, open);
    text.push_str(middle);
    repeat(&mut text, close);
    text + after
}

#[test]
fn deep_typescript() {
    deep(
        "deep.tsx",
        &[
            ("const a = ", "(", "1", ")", ";"),
            ("const a = ", "[", "", "]", ";"),
            ("const a = ", "{a:", "1", "}", ";"),
            ("", "{", "", "}", ""),
            ("const a = ", "[", "", "", ""),
            ("", "", "", "}", ""),
            ("const a = ", "!", "b", "", ";"),
            ("const a = ", "- ", "b", "", ";"),
            ("const a = ", "typeof ", "b", "", ";"),
            ("async () => ", "await ", "b", "", ";"),
            ("const a = ", "new ", "B", "", ";"),
            ("", "if(a){}else ", "{}", "", ""),
            ("", "if(a)", ";", "", ""),
            ("", "for(;;)", ";", "", ""),
            ("const a = b", ".c", "", "", ";"),
            ("const a = b", ".c()", "", "", ";"),
            ("const a = b", "?.[c]", "", "", ";"),
            ("const a = b", "(c)", "", "", ";"),
            ("const a = ", "f(", "1", ")", ";"),
            ("const a = b", "+c", "", "", ";"),
            ("const a = b", "&&c", "", "", ";"),
            ("const a = b", "??c", "", "", ";"),
            ("const a = ", "b?c:", "d", "", ";"),
            ("const a = ", "b=", "c", "", ";"),
            ("const a = ", "b,", "c", "", ";"),
            ("const a = ", "b=>", "c", "", ";"),
            ("const a = ", "()=>{", "", "}", ";"),
            ("const a = ", "`${", "b", "}`", ";"),
            ("const a = ", "<a>", "b", "</a>", ";"),
            ("const a = ", "function(){", "", "}", ";"),
            ("", "class A{static{", "", "}}", ""),
            ("", "try{", "", "}catch{}", ""),
            ("", "switch(a){case 1:", "", "}", ""),
            ("", "a:", ";", "", ""),
            ("type A = ", "B<", "C", ">", ";"),
            ("type A = ", "B|", "C", "", ";"),
            ("type A = B", "[]", "", "", ";"),
            ("type A = ", "B extends C?D:", "E", "", ";"),
            ("", "namespace A{", "", "}", ""),
            ("const ", "[", "a", "]", " = b;"),
            ("const ", "{a:", "b", "}", " = c;"),
            ("const a = b", " as C", "", "", ";"),
            ("const a = b", "!", "", "", ";"),
            ("a", "\nb", "", "", ""),
        ],
    );
}

#[test]
fn deep_rust() {
    deep(
        "deep.rs",
        &[
            ("fn a() { let b = ", "(", "1", ")", "; }"),
            ("fn a() { let b = ", "[", "", "]", "; }"),
            ("fn a() ", "{", "", "}", ""),
            ("fn a() { let b = ", "[", "", "", ""),
            ("", "", "", "}", ""),
            ("fn a() { let b = ", "!", "c", "", "; }"),
            ("fn a() { let b = ", "- ", "c", "", "; }"),
            ("fn a() { let b = ", "& ", "c", "", "; }"),
            ("fn a() { let b = ", "*", "c", "", "; }"),
            ("fn a() { ", "if b {} else ", "{}", "", " }"),
            ("fn a() { ", "if b {", "", "}", " }"),
            ("fn a() { ", "match b { _ => ", "()", "}", " }"),
            ("fn a() { let b = c", ".d", "", "", "; }"),
            ("fn a() { let b = c", ".d()", "", "", "; }"),
            ("fn a() { let b = c", "?", "", "", "; }"),
            ("fn a() { let b = c", ".await", "", "", "; }"),
            ("fn a() { let b = c", "(d)", "", "", "; }"),
            ("fn a() { let b = c", "[0]", "", "", "; }"),
            ("fn a() { let b = ", "f(", "1", ")", "; }"),
            ("fn a() { let b = c", "+d", "", "", "; }"),
            ("fn a() { let b = c", "&&d", "", "", "; }"),
            ("fn a() { let b = c", " as u8", "", "", "; }"),
            ("fn a() { let b = ", "c = ", "d", "", "; }"),
            ("fn a() { let b = ", "|c|", "d", "", "; }"),
            ("fn a() { let b = ", "return ", "c", "", "; }"),
            ("fn a() { let b = ", "vec![", "", "]", "; }"),
            ("fn a() { let b = ", "S{a:", "c", "}", "; }"),
            ("fn a() { let b = ", "async{", "", "}", "; }"),
            ("fn a() { let ", "(", "b", ")", " = c; }"),
            ("fn a() { let ", "&", "b", "", " = c; }"),
            ("fn a() { let ", "b|", "c", "", " = d; }"),
            ("fn a() { let b: ", "Vec<", "u8", ">", "; }"),
            ("fn a() { let b: ", "& ", "u8", "", "; }"),
            ("fn a() { let b = ", "c::<", "d", ">", "; }"),
            ("use a::", "{b::", "c", "}", ";"),
            ("use a", "::b", "", "", ";"),
            ("", "mod a {", "", "}", ""),
            ("", "fn a() {", "", "}", ""),
            ("", "#[a(", "", ")]", "fn b() {}"),
            ("", "/*", "", "*/", ""),
            ("type A = dyn B", "+ C", "", "", ";"),
            ("fn a() { ", "'a: loop {", "", "}", " }"),
            ("fn a() { let b = 1", "..", "2", "", "; }"),
            ("fn a() { b", ";\nb", "", "", " }"),
        ],
    );
}

/// Nests code of each shape, each alone, with and without what closes it.
fn deep(file: &str, shapes: &[(&str, &str, &str, &str, &str)]) {
    shapes
        .par_iter()
        .for_each(|(before, open, middle, close, after)| {
            for close in [*close, ""] {
                let code = nested(before, open, middle, close, after);
                let folder = Folder::new(&[(file, &code)]);
                gaps(&folder, &format!("{before}{open}{middle}{close}{after}"));
            }
        });
}

#[test]
fn files_that_cannot_be_used_are_gaps() {
    let code = "export const a = 1;\n";
    let folder = Folder::new(&[
        ("fine.ts", code),
        ("broken.ts", "const = = ;\n"),
        ("broken.rs", "fn (\n"),
    ]);
    folder.write("latin.ts", b"// caf\xe9\n");
    folder.write("binary.ts", b"\x7fELF\0\0\0\x01");
    folder.write("large.ts", code.repeat(LARGEST / 10).as_bytes());
    folder.write(
        "bundle.ts",
        format!("f({})", "1,".repeat(40_000)).as_bytes(),
    );
    folder.write("tsconfig.json", b"{ \"compilerOptions\": { ");
    folder.write("package.json", b"{ \"name\": 1");
    folder.write("Cargo.toml", b"[package\n");
    let mut found = gaps(&folder, "files that cannot be used");
    found.sort();
    let expected = [
        ("Cargo.toml", "settings"),
        ("binary.ts", "not-utf8"),
        ("broken.rs", "syntax-error"),
        ("broken.ts", "syntax-error"),
        ("bundle.ts", "generated"),
        ("large.ts", "too-large"),
        ("latin.ts", "not-utf8"),
        ("package.json", "settings"),
        ("tsconfig.json", "settings"),
    ];
    let expected = expected.map(|(file, kind)| (file.to_owned(), kind.to_owned()));
    assert_eq!(found, expected);
    let run = checked(&folder, &["--verbose"], "the same in words");
    assert!(run.text().contains("large.ts"), "{}", run.text());
    let strict = checked(&folder, &["--strict"], "a strict run");
    assert_eq!(strict.code, Some(2));
}

#[test]
fn paths_that_hold_nothing_are_said() {
    let folder = Folder::empty();
    let empty = checked(&folder, &[], "an empty folder");
    assert_eq!(empty.code, Some(3), "{}", empty.words);
    let missing = checked(&folder, &["no/such/\u{1b}[31mfile.ts"], "a missing path");
    assert_eq!(missing.code, Some(2));
    assert!(missing.words.contains("no/such/"), "{}", missing.words);
    let rule = checked(
        &folder,
        &["--rule", "missing-\u{1b}[31mauth"],
        "an unknown rule",
    );
    assert_eq!(rule.code, Some(2));
    let option = checked(&folder, &["--fo\u{1b}[31mrmat"], "an unknown option");
    assert_eq!(option.code, Some(2));
}

#[test]
fn wrong_settings_are_shown_where_they_stand() {
    for (settings, place) in [
        (
            "profile = \"default\"\nprofil = \"strict\"\n",
            "backlint.toml:2:1",
        ),
        ("profile = ", "backlint.toml:1:"),
        ("profile = \"loud\"\n", "backlint.toml:1:"),
        ("[rules.missing-\"\u{1b}[31m\"]\n", "backlint.toml:1:"),
        ("vocabulary = [\"../outside.toml\"]\n", "backlint.toml:1:"),
        ("vocabulary = [\"none.toml\"]\n", "backlint.toml:1:"),
    ] {
        let folder = Folder::new(&[("a.ts", "a();\n"), ("backlint.toml", settings)]);
        let run = checked(&folder, &[], settings);
        assert_eq!(run.code, Some(2), "{settings}: {}", run.text());
        assert!(run.words.contains(place), "{settings}: {}", run.words);
    }
    let folder = Folder::new(&[("a.ts", "a();\n")]);
    folder.write("backlint.toml", b"profile = \"\xff\"");
    assert_eq!(
        checked(&folder, &[], "settings in another encoding").code,
        Some(2)
    );
}

#[test]
fn code_cannot_act_on_a_terminal() {
    let sign = "\u{1b}]0;owned\u{7}\u{1b}[2J\r\u{9b}31m\u{202e}\u{2066}";
    let code = format!(
        "import express from \"express\";\nimport {{ PrismaClient }} from \"@prisma/client\";\n\
         const app = express();\nconst prisma = new PrismaClient();\nconst password = \"{sign}x7c9q\";\n\
         app.post(\"/a{sign}\", async (req, res) => {{ /* {sign} */ console.log(\"{sign}\"); \
         res.json(await prisma.user.create({{ data: req.body }})); }});\nimport(\"{sign}\" + a);\n\
         // backlint-ignore {sign}: {sign}\n"
    );
    let folder = Folder::new(&[
        ("src/a.ts", &code),
        ("src/b.ts", &format!("const = {sign};\n")),
    ]);
    for arguments in [
        &["--verbose"][..],
        &["--verbose", "--profile", "audit"],
        &["--format", "json"],
        &["--format", "sarif"],
        &["routes"],
        &["routes", "--format", "json"],
    ] {
        let run = checked(&folder, arguments, &arguments.join(" "));
        assert!(!run.out.is_empty());
    }
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::fs;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    #[test]
    fn links_stay_inside_and_end() {
        let outside = Folder::new(&[
            ("secret.ts", "const a = 1;\n"),
            ("lib/b.ts", "const b = 1;\n"),
        ]);
        let folder = Folder::new(&[("src/a.ts", "import \"./loop/a\";\nexport const a = 1;\n")]);
        let link = |to: &std::path::Path, name: &str| {
            symlink(to, folder.0.join(name)).expect("a link");
        };
        link(&folder.0, "src/loop");
        link(&folder.0.join("src/self.ts"), "src/self.ts");
        link(&folder.0.join("src/none.ts"), "src/gone.ts");
        link(&outside.0.join("secret.ts"), "src/secret.ts");
        link(&outside.0.join("lib"), "src/lib");
        link(&outside.0.join("secret.ts"), "tsconfig.json");
        link(std::path::Path::new("/dev/zero"), "src/zero.ts");
        let found = gaps(&folder, "links");
        for file in ["src/self.ts", "src/gone.ts", "src/secret.ts", "src/zero.ts"] {
            let gap = (file.to_owned(), "link".to_owned());
            assert!(found.contains(&gap), "{file}: {found:?}");
        }
        let report = folder.run(&["--format", "json"]).json();
        assert_eq!(report["summary"]["files"], 1);
    }

    #[test]
    fn what_cannot_be_opened_is_a_gap() {
        let folder = Folder::new(&[
            ("src/a.ts", "a();\n"),
            ("src/closed.ts", "b();\n"),
            ("shut/c.ts", "c();\n"),
        ]);
        let close = |name: &str| {
            let none = fs::Permissions::from_mode(0o000);
            fs::set_permissions(folder.0.join(name), none).expect("permissions");
        };
        close("src/closed.ts");
        close("shut");
        let found = gaps(&folder, "closed files");
        // Who may open everything has no such gap.
        if fs::read(folder.0.join("src/closed.ts")).is_err() {
            let of = |name: &str| {
                found
                    .iter()
                    .any(|(file, kind)| file == name && kind == "unreadable")
            };
            assert!(of("src/closed.ts") && of("shut"), "{found:?}");
        }
        let open = fs::Permissions::from_mode(0o700);
        fs::set_permissions(folder.0.join("shut"), open).expect("permissions");
    }

    #[test]
    fn names_can_be_anything() {
        let folder = Folder::new(&[
            ("src/\u{1b}[31mred\u{202e}.ts", "const = ;\n"),
            ("src/a\nb.ts", "const = ;\n"),
        ]);
        let name = std::ffi::OsStr::from_bytes(b"src/\xff.ts");
        fs::write(folder.0.join(name), "const = ;\n").expect("a file");
        let made = std::process::Command::new("mkfifo")
            .arg(folder.0.join("src/pipe.ts"))
            .status();
        assert!(made.is_ok_and(|status| status.success()));
        for format in ["text", "json", "sarif"] {
            let run = checked(&folder, &["--verbose", "--format", format], format);
            assert_eq!(run.code, Some(0), "{}", run.words);
        }
        assert!(
            gaps(&folder, "names").len() >= 4,
            "{:?}",
            gaps(&folder, "names")
        );
    }
}
