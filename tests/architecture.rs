//! Holds the rooms of `ARCHITECTURE.md` apart, and keeps knowledge where it belongs: in data.

mod support;

use backlint::rule::RuleBook;
use backlint::vocabulary::path::Pattern;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::OnceLock;
use support::code::Code;
use support::fixture::{name, repository, sorted};

/// Each room with those that it may use. The command line, which joins them, may use all.
const ARROWS: [(&str, &[&str]); 14] = [
    ("agents", &["model", "rule", "source"]),
    (
        "check",
        &[
            "finding",
            "flow",
            "kinds",
            "link",
            "model",
            "rule",
            "source",
            "vocabulary",
        ],
    ),
    ("embedded", &[]),
    ("finding", &["model", "rule", "source"]),
    ("flow", &["link", "model", "source", "vocabulary"]),
    ("kinds", &["embedded", "model"]),
    ("link", &["model", "project", "source", "vocabulary"]),
    ("lower", &["model", "source"]),
    ("model", &["source"]),
    ("project", &["model", "source"]),
    ("report", &["finding", "model", "source"]),
    ("rule", &["embedded", "kinds", "model", "source"]),
    ("source", &[]),
    ("vocabulary", &["embedded", "kinds", "model", "source"]),
];

/// Packages that only these rooms know.
const PACKAGES: [(&str, &[&str]); 9] = [
    ("clap", &["cli"]),
    ("codespan_reporting", &["report"]),
    ("ignore", &["project"]),
    ("proc_macro2", &["lower"]),
    ("rustix", &["cli"]),
    ("serde_sarif", &["report"]),
    ("syn", &["lower"]),
    ("tree_sitter", &["lower"]),
    ("tree_sitter_typescript", &["lower"]),
];

/// The disk, the environment, processes and the network.
const OUTSIDE: [&str; 6] = ["env", "fs", "net", "os", "process", "path::absolute"];

/// Rooms that may touch them.
const OUTSIDE_ROOMS: [&str; 2] = ["cli", "project"];

/// Macros that write to the terminal.
const PRINTS: [&str; 5] = ["dbg", "eprint", "eprintln", "print", "println"];

/// Rooms that may hold no knowledge of rules and libraries.
const KNOWS_NO_LIBRARY: [&str; 4] = ["check", "flow", "link", "lower"];

/// The most lines of a file.
const LONGEST: usize = 450;

/// What breaks one of these rules for a reason: (file, what, reason).
const EXCEPTIONS: [(&str, &str, &str); 0] = [];

/// Words of the languages themselves that a library uses for a name of its own, too.
const WORDS_OF_LANGUAGES: [&str; 0] = [];

fn code() -> &'static [Code] {
    static CODE: OnceLock<Vec<Code>> = OnceLock::new();
    CODE.get_or_init(support::code::code)
}

/// Fails with one line for each offence (file, line, what) that is no exception.
fn refuse(why: &str, offences: Vec<(&str, usize, String)>) {
    let lines: Vec<String> = offences
        .into_iter()
        .filter(|(file, _, what)| {
            let excepted = |(at, known, _): &&(&str, &str, &str)| at == file && known == what;
            !EXCEPTIONS.iter().any(|exception| excepted(&exception))
        })
        .map(|(file, line, what)| format!("{file}:{line}: {what}"))
        .collect();
    assert!(lines.is_empty(), "{why}\n{}\n", lines.join("\n"));
}

#[test]
fn rooms_use_only_the_rooms_below() {
    let arrows = BTreeMap::from(ARROWS);
    let mut offences = Vec::new();
    for code in code().iter().filter(|code| code.room != "cli") {
        let Some(may) = arrows.get(code.room.as_str()) else {
            assert_eq!(code.room, "lib", "a room without arrows");
            continue;
        };
        for (line, path) in &code.paths {
            let [first, room, ..] = path.as_slice() else {
                continue;
            };
            if first == "crate" && *room != code.room && !may.contains(&room.as_str()) {
                offences.push((code.path.as_str(), *line, format!("crate::{room}")));
            }
        }
    }
    refuse("arrows between rooms that do not exist:", offences);
}

#[test]
fn rooms_keep_their_packages() {
    let mut offences = Vec::new();
    for code in code() {
        for (line, path) in &code.paths {
            let first = path.first().map_or("", String::as_str);
            let owner = PACKAGES.iter().find(|(package, _)| *package == first);
            if owner.is_some_and(|(_, rooms)| !rooms.contains(&code.room.as_str())) {
                offences.push((code.path.as_str(), *line, first.to_owned()));
            }
        }
    }
    refuse("packages that belong to another room:", offences);
}

#[test]
fn only_two_rooms_touch_the_outside() {
    let mut offences = Vec::new();
    for code in code() {
        if OUTSIDE_ROOMS.contains(&code.room.as_str()) {
            continue;
        }
        for (line, path) in &code.paths {
            if let ["std", rest @ ..] = &path.iter().map(String::as_str).collect::<Vec<_>>()[..] {
                let rest = rest.join("::");
                let touches =
                    |part: &&str| rest == **part || rest.starts_with(&format!("{part}::"));
                if OUTSIDE.iter().any(|part| touches(&part)) {
                    offences.push((code.path.as_str(), *line, format!("std::{rest}")));
                }
            }
            // The room of the disk shares data, not what reads it.
            if path[..] == ["crate", "project", "load"] {
                offences.push((code.path.as_str(), *line, path.join("::")));
            }
        }
    }
    refuse("the disk, the environment or a process:", offences);
}

#[test]
fn only_the_command_line_and_reports_print() {
    let mut offences = Vec::new();
    for code in code() {
        let prints = |(line, name): &(usize, String)| {
            let is_print = PRINTS.contains(&name.as_str());
            is_print.then(|| (code.path.as_str(), *line, format!("{name}!")))
        };
        offences.extend(code.macros.iter().filter_map(prints));
        if !["cli", "report"].contains(&code.room.as_str()) {
            let streams = |(line, path): &(usize, Vec<String>)| {
                let last = path.last()?;
                let is_stream = ["stdout", "stderr", "stdin"].contains(&last.as_str());
                is_stream.then(|| (code.path.as_str(), *line, last.clone()))
            };
            offences.extend(code.paths.iter().filter_map(streams));
        }
    }
    refuse("output elsewhere:", offences);
}

#[test]
fn knowledge_of_libraries_and_rules_is_data() {
    let names = names();
    let mut offences = Vec::new();
    for code in code() {
        if !KNOWS_NO_LIBRARY.contains(&code.room.as_str()) {
            continue;
        }
        let known = code.texts.iter().filter(|(_, text)| names.contains(text));
        offences.extend(known.map(|(line, text)| (code.path.as_str(), *line, text.clone())));
    }
    refuse("names that belong into rules/:", offences);
}

/// Ids of rules, and the packages, types and members of the vocabulary; not what the languages themselves bring along.
fn names() -> BTreeSet<String> {
    let mut libraries = BTreeSet::new();
    let mut languages: BTreeSet<String> = WORDS_OF_LANGUAGES.map(str::to_owned).into();
    for file in sorted(&repository().join("rules/vocabulary")) {
        let text = fs::read_to_string(&file).expect("a vocabulary");
        let table: toml::Table = text.parse().expect("a vocabulary is TOML");
        let mut texts = Vec::new();
        strings(&toml::Value::Table(table), &mut texts);
        for text in texts.iter().filter(|text| text.contains("::")) {
            let Ok(pattern) = Pattern::parse(text) else {
                continue;
            };
            for path in pattern.expanded() {
                let (root, members) = path.split_once("::").unwrap_or((path, ""));
                let of_language = ["global", "std", "core", "alloc"].contains(&root);
                let names = if of_language {
                    &mut languages
                } else {
                    &mut libraries
                };
                names.insert(root.to_owned());
                let members = members.split(['.', ':', '!']);
                names.extend(members.filter(|name| !name.is_empty()).map(str::to_owned));
            }
        }
    }
    let book = RuleBook::builtin().expect("rules that are sound");
    let mut names: BTreeSet<String> = libraries.difference(&languages).cloned().collect();
    names.extend(book.rules().iter().map(|rule| rule.id.to_string()));
    names
}

fn strings(value: &toml::Value, texts: &mut Vec<String>) {
    match value {
        toml::Value::String(text) => texts.push(text.clone()),
        toml::Value::Array(values) => values.iter().for_each(|value| strings(value, texts)),
        toml::Value::Table(table) => table.values().for_each(|value| strings(value, texts)),
        _ => {}
    }
}

#[test]
fn files_hold_one_idea() {
    let mut offences = Vec::new();
    for code in code() {
        let lines = code.text.lines().count();
        if lines > LONGEST {
            offences.push((code.path.as_str(), lines, "too long".to_owned()));
        }
        if !code.text.starts_with("//!") {
            offences.push((
                code.path.as_str(),
                1,
                "says not what belongs in it".to_owned(),
            ));
        }
    }
    refuse(
        "files that are too long, or do not say what they hold:",
        offences,
    );
}

#[test]
fn exceptions_are_needed() {
    for (file, what, reason) in EXCEPTIONS {
        assert!(repository().join(file).exists(), "{file} is gone");
        assert!(!what.is_empty() && !reason.is_empty(), "{file}: why?");
    }
}

#[test]
fn rules_stand_in_families() {
    let folders = sorted(&repository().join("rules"));
    for family in folders.iter().filter(|path| path.is_dir()) {
        for file in sorted(family) {
            let ending = if name(family) == "vocabulary" {
                ".toml"
            } else {
                ".md"
            };
            assert!(
                name(&file).ends_with(ending),
                "{}: no file of a rule",
                file.display()
            );
        }
    }
}
