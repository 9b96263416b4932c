//! Holds the rooms of `ARCHITECTURE.md` apart, and keeps knowledge where it belongs: in data.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make files and start the program"
)]

mod support;

use backlint::rule::RuleBook;
use backlint::vocabulary::path::Pattern;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::OnceLock;
use support::code::Code;
use support::fixture::{name, repository, sorted};

/// Each room with those that it may use. The command line, which joins them, may use all.
const ARROWS: [(&str, &[&str]); 13] = [
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

/// Packages that only one room knows.
const PACKAGES: [(&str, &str); 9] = [
    ("clap", "cli"),
    ("codespan_reporting", "report"),
    ("ignore", "project"),
    ("proc_macro2", "lower"),
    ("rustix", "cli"),
    ("serde_sarif", "report"),
    ("syn", "lower"),
    ("tree_sitter", "lower"),
    ("tree_sitter_typescript", "lower"),
];

/// The disk, the environment, processes and the network.
const OUTSIDE: [&str; 6] = ["env", "fs", "net", "os", "process", "path::absolute"];

/// Macros that write to the terminal.
const PRINTS: [&str; 5] = ["dbg", "eprint", "eprintln", "print", "println"];

/// Rooms that may hold no knowledge of rules and libraries.
const KNOWS_NO_LIBRARY: [&str; 4] = ["check", "flow", "link", "lower"];

/// Roots of what the languages and their run times bring along, and of words that filters of many libraries and SQL share.
const ROOTS_OF_LANGUAGES: [&str; 7] = ["alloc", "chain", "core", "filter", "global", "node", "std"];

/// Words of the languages themselves that some library uses for a name of its own, too.
const WORDS_OF_LANGUAGES: [&str; 25] = [
    "Hash",
    "Ok",
    "assert",
    "await",
    "bool",
    "box",
    "core",
    "default",
    "doc",
    "drop",
    "function",
    "import",
    "instanceof",
    "is",
    "keyof",
    "matches",
    "model",
    "move",
    "null",
    "ref",
    "type",
    "undefined",
    "unsafe",
    "void",
    "where",
];

/// The most lines of a file.
const LONGEST: usize = 450;

/// What breaks a rule of this test for a reason: (file, what, reason).
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "src/flow/bounded.rs",
        "count",
        "aggregates of SQL, which query builders are named after",
    ),
    (
        "src/flow/bounded.rs",
        "sum",
        "aggregates of SQL, which query builders are named after",
    ),
    (
        "src/link/guard.rs",
        "map",
        "a method of Rust's own Option and Result",
    ),
    (
        "src/link/resolve.rs",
        "context",
        "a method of a usual extension of Rust's Result",
    ),
    (
        "src/link/resolve.rs",
        "into",
        "a method of Rust's own conversions",
    ),
    (
        "src/link/chain.rs",
        "too long",
        "to be split: links, wrappers and extractors",
    ),
    (
        "src/link/guard.rs",
        "too long",
        "to be split: what values prove, and what functions pass on",
    ),
    (
        "src/link/resolve.rs",
        "too long",
        "to be split: values, and parameters with their callers",
    ),
    (
        "src/model/module.rs",
        "too long",
        "to be split: modules, and gaps",
    ),
    ("src/check/call.rs", "count", "a placeholder of messages"),
    (
        "src/check/context.rs",
        "serve",
        "calls that start a server: to move into the vocabulary",
    ),
    ("src/check/condition.rs", "action", "a protocol"),
    (
        "src/link/resolve.rs",
        "unwrap",
        "a method of Rust's own Option and Result",
    ),
    (
        "src/link/resolve.rs",
        "expect",
        "a method of Rust's own Option and Result",
    ),
    (
        "src/check/endpoint.rs",
        "handler",
        "a placeholder of messages",
    ),
    (
        "src/link/table.rs",
        "id",
        "what databases call the key of a row",
    ),
    (
        "src/link/filter.rs",
        "id",
        "what databases call the key of a row",
    ),
    (
        "src/flow/track.rs",
        "is_match",
        "tests of membership: to move into the vocabulary",
    ),
    (
        "src/link/chain.rs",
        "value",
        "what a link without a name is called",
    ),
    (
        "src/link/convention.rs",
        "action",
        "what an action without a name is called",
    ),
    ("src/link/convention.rs", "http", "a protocol"),
    (
        "src/link/convention.rs",
        "route",
        "names of files: to move into the vocabulary",
    ),
    (
        "src/link/effect.rs",
        "sql",
        "keys of query objects: to move into the vocabulary",
    ),
    ("src/link/endpoint.rs", "http", "a protocol"),
    (
        "src/link/import/entry.rs",
        "build",
        "a folder that build tools write to",
    ),
    ("src/link/import/mod.rs", "app", "a folder of sources"),
    (
        "src/link/import/specifier.rs",
        "http",
        "a module of Node.js",
    ),
    (
        "src/link/import/specifier.rs",
        "sql",
        "an ending of file names",
    ),
    (
        "src/link/import/specifier.rs",
        "stream",
        "a module of Node.js",
    ),
    ("src/link/place/roots.rs", "dev", "a script of a manifest"),
    ("src/link/place/roots.rs", "serve", "a script of a manifest"),
    ("src/link/place/roots.rs", "start", "a script of a manifest"),
    (
        "src/link/place/name.rs",
        "on",
        "how properties that take event handlers begin",
    ),
    ("src/link/place/name.rs", "app", "a folder of sources"),
];

/// A place that breaks a rule: file, line, what.
type Offence = (&'static str, usize, String);

fn code() -> &'static [Code] {
    static CODE: OnceLock<Vec<Code>> = OnceLock::new();
    CODE.get_or_init(support::code::code)
}

/// Fails with one line for each offence that is no exception.
fn refuse(why: &str, offences: Vec<Offence>) {
    let is_known = |file: &str, what: &str| {
        let mut known = EXCEPTIONS.iter();
        known.any(|(at, known, _)| *at == file && *known == what)
    };
    let lines: Vec<String> = offences
        .into_iter()
        .filter(|(file, _, what)| !is_known(file, what))
        .map(|(file, line, what)| format!("{file}:{line}: {what}"))
        .collect();
    assert!(lines.is_empty(), "{why}\n{}\n", lines.join("\n"));
}

#[test]
fn rooms_use_only_the_rooms_below() {
    refuse("arrows that do not exist:", wrong_arrows());
}

fn wrong_arrows() -> Vec<Offence> {
    let arrows = BTreeMap::from(ARROWS);
    let mut offences = Vec::new();
    let joins = |code: &&Code| matches!(code.room.as_str(), "cli" | "lib");
    for code in code().iter().filter(|code| !joins(code)) {
        let may = arrows.get(code.room.as_str());
        let may = may.unwrap_or_else(|| panic!("{}: a room without arrows", code.room));
        for (line, path) in &code.paths {
            let [first, room, ..] = path.as_slice() else {
                continue;
            };
            if first == "crate" && *room != code.room && !may.contains(&room.as_str()) {
                offences.push((code.path.as_str(), *line, format!("crate::{room}")));
            }
        }
    }
    offences
}

#[test]
fn rooms_keep_their_packages() {
    refuse("packages that belong to another room:", strange_packages());
}

fn strange_packages() -> Vec<Offence> {
    let packages = BTreeMap::from(PACKAGES);
    let mut offences = Vec::new();
    for code in code() {
        for (line, path) in &code.paths {
            let Some(first) = path.first() else { continue };
            let owner = packages.get(first.as_str());
            if owner.is_some_and(|room| *room != code.room) {
                offences.push((code.path.as_str(), *line, first.clone()));
            }
        }
    }
    offences
}

#[test]
fn only_two_rooms_touch_the_outside() {
    refuse("the disk, the environment or a process:", outside());
}

fn outside() -> Vec<Offence> {
    let touches = |path: &[String]| {
        let path = path.join("::");
        let parts = OUTSIDE.map(|part| format!("std::{part}::"));
        // The room that reads the disk shares its data, not what reads it.
        parts
            .iter()
            .any(|part| format!("{path}::").starts_with(part))
            || path == "crate::project::load"
    };
    let mut offences = Vec::new();
    let may = |code: &&Code| matches!(code.room.as_str(), "cli" | "project");
    for code in code().iter().filter(|code| !may(code)) {
        for (line, path) in code.paths.iter().filter(|(_, path)| touches(path)) {
            offences.push((code.path.as_str(), *line, path.join("::")));
        }
    }
    offences
}

#[test]
fn only_the_command_line_and_reports_write() {
    refuse("output elsewhere:", output());
}

fn output() -> Vec<Offence> {
    let mut offences = Vec::new();
    for code in code() {
        for (line, name) in &code.macros {
            if PRINTS.contains(&name.as_str()) {
                offences.push((code.path.as_str(), *line, format!("{name}!")));
            }
        }
        if matches!(code.room.as_str(), "cli" | "report") {
            continue;
        }
        for (line, path) in &code.paths {
            let last = path.last().map_or("", String::as_str);
            if ["stdout", "stderr", "stdin"].contains(&last) {
                offences.push((code.path.as_str(), *line, path.join("::")));
            }
        }
    }
    offences
}

#[test]
fn knowledge_of_libraries_and_rules_is_data() {
    refuse("names that belong into rules/:", knowledge());
}

fn knowledge() -> Vec<Offence> {
    let (names, grammar) = (names(), grammar());
    let mut offences = Vec::new();
    let may_not = |code: &&Code| KNOWS_NO_LIBRARY.contains(&code.room.as_str());
    for code in code().iter().filter(may_not) {
        for (line, text) in code.texts.iter().filter(|(_, text)| names.contains(text)) {
            if code.room != "lower" || !grammar.contains(text.as_str()) {
                offences.push((code.path.as_str(), *line, text.clone()));
            }
        }
    }
    offences
}

/// Ids of rules, and the packages, types and members of the vocabulary; not what the languages themselves bring along,
/// nor the kinds, which are what data and code share.
fn names() -> BTreeSet<String> {
    let mut libraries = BTreeSet::new();
    let mut others: BTreeSet<String> = WORDS_OF_LANGUAGES.map(str::to_owned).into();
    let kinds: toml::Table = read("rules/kinds.toml");
    for names in kinds.values().filter_map(toml::Value::as_table) {
        others.extend(names.keys().cloned());
    }
    for file in sorted(&repository().join("rules/vocabulary")) {
        let mut texts = Vec::new();
        let table = read(&format!("rules/vocabulary/{}", name(&file)));
        strings(&toml::Value::Table(table), &mut texts);
        let patterns = texts.iter().filter_map(|text| Pattern::parse(text).ok());
        for path in patterns.flat_map(|pattern| pattern.expanded().cloned().collect::<Vec<_>>()) {
            let (root, members) = path.split_once("::").unwrap_or((&path, ""));
            let bare = root.split(':').next().unwrap_or(root);
            let names = if ROOTS_OF_LANGUAGES.contains(&bare) {
                &mut others
            } else {
                &mut libraries
            };
            let members = members.split(['.', ':', '!']).chain([root]);
            let plain = |name: &&str| !name.is_empty() && !name.contains('*');
            names.extend(members.filter(plain).map(str::to_owned));
        }
    }
    let mut names: BTreeSet<String> = libraries.difference(&others).cloned().collect();
    let book = RuleBook::builtin().expect("rules that are sound");
    names.extend(book.rules().iter().map(|rule| rule.id.to_string()));
    names
}

fn read(file: &str) -> toml::Table {
    let text = fs::read_to_string(repository().join(file)).expect("a file of the project");
    text.parse()
        .unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn strings(value: &toml::Value, texts: &mut Vec<String>) {
    match value {
        toml::Value::String(text) => texts.push(text.clone()),
        toml::Value::Array(values) => values.iter().for_each(|value| strings(value, texts)),
        toml::Value::Table(table) => table.values().for_each(|value| strings(value, texts)),
        _ => {}
    }
}

/// The names that the grammar of TypeScript has for its nodes and fields.
fn grammar() -> BTreeSet<&'static str> {
    static LANGUAGE: OnceLock<tree_sitter::Language> = OnceLock::new();
    let language = LANGUAGE.get_or_init(|| tree_sitter_typescript::LANGUAGE_TSX.into());
    let nodes = (0..u16::MAX).take(language.node_kind_count());
    let fields = (0..u16::MAX).take(language.field_count() + 1);
    let nodes = nodes.filter_map(|id| language.node_kind_for_id(id));
    nodes
        .chain(fields.filter_map(|id| language.field_name_for_id(id)))
        .collect()
}

#[test]
fn files_hold_one_idea() {
    refuse(
        "files that hold too much, or do not say what they hold:",
        long_files(),
    );
}

fn long_files() -> Vec<Offence> {
    let mut offences = Vec::new();
    for code in code() {
        let lines = code.text.lines().count();
        if lines > LONGEST {
            offences.push((code.path.as_str(), lines, "too long".to_owned()));
        }
        if !code.text.starts_with("//!") {
            offences.push((code.path.as_str(), 1, "no `//!`".to_owned()));
        }
    }
    offences
}

#[test]
fn exceptions_are_needed() {
    let all = [
        wrong_arrows(),
        strange_packages(),
        outside(),
        output(),
        knowledge(),
        long_files(),
    ];
    let all = all.into_iter().flatten();
    let all: BTreeSet<(&str, String)> = all.map(|(file, _, what)| (file, what)).collect();
    for &(file, what, reason) in EXCEPTIONS {
        let is_there = all.contains(&(file, what.to_owned()));
        assert!(
            is_there && !reason.is_empty(),
            "no longer needed: {file}: {what}"
        );
    }
}

#[test]
fn rules_stand_in_families() {
    let folders = sorted(&repository().join("rules"));
    for family in folders.iter().filter(|path| path.is_dir()) {
        let ending = match name(family).as_str() {
            "vocabulary" => ".toml",
            _ => ".md",
        };
        for file in sorted(family) {
            let is_read = file.is_file() && name(&file).ends_with(ending);
            assert!(is_read, "{}: the build does not read it", file.display());
        }
    }
}
