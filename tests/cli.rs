//! The command line as a user meets it: output, files and exit codes.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make files and start the program"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder that is there for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("backlint-{}-{name}", std::process::id()));
        for (file, text) in files {
            let file = folder.join(file);
            let made = file.parent().map(fs::create_dir_all);
            assert!(matches!(made, Some(Ok(()))), "{}", file.display());
            assert!(fs::write(&file, text).is_ok(), "{}", file.display());
        }
        assert!(fs::create_dir_all(&folder).is_ok());
        Self(folder)
    }

    /// Exit code, stdout and stderr.
    fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let output = command(&self.0, arguments).output();
        let Ok(output) = output else {
            panic!("{output:?}")
        };
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        )
    }

    fn code(&self, arguments: &[&str]) -> Option<i32> {
        self.run(arguments).0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backlint"));
    command.current_dir(folder).args(arguments);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(name);
    }
    command
}

/// A file with a finding whatever the rules are: a suppression of a rule that doesn't exist.
const FOUND: (&str, &str) = (
    "src/a.ts",
    "// backlint-ignore no-such-rule: x\nexport const a = 1;\n",
);
const CLEAN: (&str, &str) = ("lib/b.ts", "export const b = 1;\n");

#[test]
fn exit_codes() {
    let folder = Folder::new("codes", &[FOUND, CLEAN, ("docs/x.txt", "no code")]);
    for (arguments, code) in [
        (vec![], 1),
        (vec!["src"], 1),
        (vec!["check", "src/a.ts"], 1),
        (vec!["lib"], 0),
        (vec!["--fail-on", "error"], 0),
        (vec!["--fail-on", "never"], 0),
        (vec!["--severity", "error"], 0),
        (vec!["--rule", "unused-suppression"], 0),
        (vec!["docs"], 3),
        (vec!["nowhere"], 2),
        (vec!["--rule", "no-such-rule"], 2),
        (vec!["--nonsense"], 2),
        (vec!["rules"], 0),
        (vec!["routes"], 0),
        (vec!["explain", "unused-suppression"], 0),
        (vec!["explain", "no-such-rule"], 2),
        (vec!["--version"], 0),
    ] {
        assert_eq!(folder.code(&arguments), Some(code), "{arguments:?}");
    }
}

#[test]
fn an_unknown_rule_gets_a_suggestion() {
    let folder = Folder::new("unknown", &[CLEAN]);
    let (_, _, words) = folder.run(&["--rule", "unused-supression"]);
    assert!(
        words.contains("did you mean 'unused-suppression'?"),
        "{words}"
    );
}

#[test]
fn every_format_says_the_same() {
    let folder = Folder::new("formats", &[FOUND, CLEAN]);
    let (_, text, _) = folder.run(&[]);
    assert!(text.starts_with("warning[invalid-suppression]: "), "{text}");
    assert!(text.contains("src/a.ts:1:20"), "{text}");
    assert!(text.contains("\n1 warning\n2 files, "), "{text}");
    let (_, json, _) = folder.run(&["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap_or_default();
    assert_eq!(json["findings"][0]["file"], "src/a.ts");
    assert_eq!(json["findings"][0]["column"], 20);
    assert_eq!(json["root"], ".");
    let (_, sarif, _) = folder.run(&["--format", "sarif"]);
    let sarif: serde_json::Value = serde_json::from_str(&sarif).unwrap_or_default();
    let region = &sarif["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region["startColumn"], 20);
}

#[test]
fn paths_are_relative_to_the_root_wherever_it_is_run() {
    let folder = Folder::new("paths", &[FOUND, (".git/HEAD", "ref: refs/heads/main\n")]);
    let inner = Folder(folder.0.join("src"));
    let (_, json, _) = inner.run(&["--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap_or_default();
    assert_eq!(json["findings"][0]["file"], "src/a.ts");
    assert_eq!(json["root"], "..");
}

#[test]
fn a_file_is_written_as_a_whole() {
    let folder = Folder::new("output", &[FOUND, ("out.json", "old")]);
    let (code, out, words) = folder.run(&["--format", "json", "--output", "out.json"]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert!(words.starts_with("1 warning\n1 file, "), "{words}");
    let text = fs::read_to_string(folder.0.join("out.json")).unwrap_or_default();
    assert!(text.starts_with('{') && text.ends_with("}\n"));
    let left: Vec<_> = fs::read_dir(&folder.0)
        .into_iter()
        .flatten()
        .flatten()
        .collect();
    assert_eq!(left.len(), 2, "{left:?}");
    assert_eq!(folder.code(&["--output", "no/such/folder.json"]), Some(2));
    assert_eq!(folder.code(&["--output", "src"]), Some(2));
}

#[test]
fn settings_hold_unless_options_say_otherwise() {
    let settings = "fail-on = \"error\"\n[rules.invalid-suppression]\nseverity = \"error\"\n";
    let folder = Folder::new("settings", &[FOUND, ("backlint.toml", settings)]);
    assert_eq!(folder.code(&[]), Some(1));
    assert_eq!(folder.code(&["--fail-on", "never"]), Some(0));
    let wrong = Folder::new(
        "wrong",
        &[
            FOUND,
            (
                "backlint.toml",
                "[rules.invalid-supression]\nenabled = false\n",
            ),
        ],
    );
    let (code, _, words) = wrong.run(&[]);
    assert_eq!(code, Some(2));
    assert!(
        words.contains("backlint.toml:1:8: no rule is called"),
        "{words}"
    );
    let off = Folder::new(
        "off",
        &[
            FOUND,
            (
                "backlint.toml",
                "[rules.invalid-suppression]\nenabled = false\n",
            ),
        ],
    );
    assert_eq!(off.code(&[]), Some(0));
}

#[test]
fn colours_are_for_terminals() {
    let folder = Folder::new("colours", &[FOUND]);
    let colored = |arguments: &[&str], name: &str, value: &str| {
        let output = command(&folder.0, arguments).env(name, value).output();
        output.is_ok_and(|output| output.stdout.contains(&0x1b))
    };
    assert!(!colored(&[], "X", ""));
    assert!(colored(&["--color", "always"], "NO_COLOR", "1"));
    assert!(colored(&[], "CLICOLOR_FORCE", "1"));
    assert!(!colored(&["--color", "never"], "CLICOLOR_FORCE", "1"));
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let many: Vec<(String, &str)> = (0..300).map(|n| (format!("src/{n}.ts"), FOUND.1)).collect();
    let many: Vec<(&str, &str)> = many
        .iter()
        .map(|(name, text)| (name.as_str(), *text))
        .collect();
    let folder = Folder::new("pipe", &many);
    let child = command(&folder.0, &[])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        panic!("{child:?}")
    };
    drop(child.stdout.take());
    let output = child.wait_with_output();
    let Ok(output) = output else {
        panic!("{output:?}")
    };
    assert_eq!(output.status.code(), Some(1));
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_strict_run_needs_every_file() {
    let folder = Folder::new("strict", &[CLEAN]);
    assert!(fs::write(folder.0.join("lib/c.ts"), [0xff, 0xfe, 0x00]).is_ok());
    assert_eq!(folder.code(&[]), Some(0));
    assert_eq!(folder.code(&["--strict"]), Some(2));
}
