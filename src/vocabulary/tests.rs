//! Loading, looking up and refusing vocabulary files.

use super::*;

fn load(text: &str) -> Result<Vocabulary, Problems> {
    Vocabulary::load(&[("rules/vocabulary/test.toml", text)])
}

fn loaded(text: &str) -> Vocabulary {
    load(text).unwrap_or_else(|error| panic!("{error}"))
}

fn refused(text: &str) -> String {
    load(text).err().map(|e| e.to_string()).unwrap_or_default()
}

const ROUTERS: &str = r#"
title = "Test"
languages = ["typescript"]
packages = ["web"]

[[type]]
name = "web::Router"
made_by = ["web::{Router,default.Router}"]
router = true

[[type]]
name = "web::App"
made_by = ["web::default"]
extends = ["web::Router"]

[[type]]
name = "web::SubApp"
extends = ["web::App"]

[[route]]
path = "web::Router.{get,post}"
method = "name"
at = "arg0"
handlers = "arg1.."

[[source]]
path = "web::App.*.query"
kind = "query"

[[name]]
kind = "guard"
words = ["auth", "signed in"]
"#;

#[test]
fn rows_are_found_by_path_and_name() {
    let vocabulary = loaded(ROUTERS);
    let made = vocabulary.types.find("web::default.Router").next();
    assert_eq!(made.map(|m| m.row.name.clone()), Some("web::Router".into()));
    assert!(vocabulary.routes.contains("web::Router.get"));
    assert!(!vocabulary.routes.contains("web::Router.put"));
    assert!(!vocabulary.routes.contains("other::Router.get"));
    assert!(!vocabulary.routes.contains("web"));
    let source = vocabulary.sources.find("web::App.req.query").next();
    assert_eq!(source.map(|m| m.captures), Some(vec!["req".into()]));
    assert_eq!(vocabulary.types.by_name("web::App").count(), 1);
    assert!(vocabulary.names.matches("guard", "isSignedIn"));
}

#[test]
fn rows_of_a_type_hold_for_the_types_that_extend_it() {
    let vocabulary = loaded(ROUTERS);
    let found = vocabulary.routes.find("web::App.get").next();
    assert_eq!(found.map(|m| m.framework.clone()), Some("test".into()));
    assert!(vocabulary.routes.contains("web::SubApp.post"));
    assert!(vocabulary.sources.contains("web::SubApp.x.query"));
    assert!(!vocabulary.sources.contains("web::Router.x.query"));
    let names: Vec<&str> = vocabulary
        .lineage("web::SubApp")
        .map(|row| row.name.as_str())
        .collect();
    assert_eq!(names, ["web::SubApp", "web::App", "web::Router"]);
    assert!(vocabulary.lineage("web::SubApp").any(|row| row.router));
}

#[test]
fn a_circle_of_types_ends() {
    let vocabulary = loaded(
        "[[type]]\nname = \"a::B\"\nextends = [\"a::C\"]\n[[type]]\nname = \"a::C\"\nextends = [\"a::B\"]\n\
         [[leave]]\npath = \"a::B.exit\"\n",
    );
    assert_eq!(vocabulary.leaves.find("a::C.exit").count(), 1);
    assert_eq!(vocabulary.leaves.find("a::B.exit").count(), 1);
}

#[test]
fn own_rows_come_before_inherited_ones() {
    let own = "\n[[route]]\npath = \"web::App.get\"\nmethod = \"GET\"\nhandlers = \"arg0\"\n";
    let vocabulary = loaded(&format!("{ROUTERS}{own}"));
    let methods: Vec<Name> = vocabulary
        .routes
        .find("web::App.get")
        .map(|m| m.row.method.clone())
        .collect();
    assert_eq!(methods, ["GET", "name"]);
}

#[test]
fn headers_name_frameworks() {
    let vocabulary = loaded(ROUTERS);
    let framework = vocabulary.framework("test");
    assert_eq!(framework.map(|f| f.title.as_str()), Some("Test"));
    assert_eq!(
        framework.map(|f| f.languages.clone()),
        Some(vec![Language::TypeScript])
    );
    assert_eq!(vocabulary.server_packages().collect::<Vec<_>>(), ["web"]);
    assert_eq!(
        loaded("framework = \"x\"\nserver = false\npackages = [\"p\"]")
            .server_packages()
            .count(),
        0
    );
}

#[test]
fn unknown_keys_are_shown_with_the_allowed_ones() {
    let error = refused("[[log]]\npath = \"a::b\"\nkind = \"console\"\nlevel = \"info\"\n");
    assert!(
        error.starts_with("rules/vocabulary/test.toml:4:1: unknown field `level`, expected"),
        "{error}"
    );
    assert!(
        error.ends_with("\n  | level = \"info\"\n  | ^^^^^"),
        "{error}"
    );
    let error = refused("[[rout]]\npath = \"a::b\"\n");
    assert!(
        error.contains("test.toml:1:3: unknown field `rout`, expected one of"),
        "{error}"
    );
}

#[test]
fn wrong_values_are_shown_where_they_stand() {
    let error = refused("[[leave]]\npath = \"a::b..c\"\n");
    assert!(
        error.contains("test.toml:2:8: `a::b..c` has an empty segment"),
        "{error}"
    );
    assert!(error.ends_with("  |        ^^^^^^^^^"), "{error}");
    let error = refused("[[sink]]\npath = \"a::b\"\nkind = \"url\"\nat = \"arg\"\n");
    assert!(
        error.contains("test.toml:4:6: `arg` is not a position"),
        "{error}"
    );
    let error =
        refused("[[sink]]\npath = \"a::b\"\nkind = \"url\"\nat = \"arg0\"\nwhen = { argx = 1 }\n");
    assert!(error.contains("test.toml:5:"), "{error}");
    let error = refused("[[effect]]\npath = \"a::b\"\nkind = \"db-writ\"\n");
    assert!(
        error.contains("test.toml:3:8: unknown effect kind `db-writ`, expected one of cache-read,"),
        "{error}"
    );
    let error = refused("[[route]]\npath = \"a::b\"\nmethod = \"get\"\nhandlers = \"arg0\"\n");
    assert!(
        error.contains("test.toml:1:1: `get` is no method"),
        "{error}"
    );
}

#[test]
fn validators_among_the_links_say_what_they_check() {
    let row = |keys: &str| format!("[[validator]]\npath = \"a::b\"\n{keys}\n");
    let error = refused(&row("input = \"link\""));
    assert!(error.contains("needs a `part`"), "{error}");
    let error = refused(&row("input = \"arg0\"\npart = \"body\""));
    assert!(error.contains("`part` is for validators with"), "{error}");
    let error = refused(&row("input = \"link\"\npart = \"bodi\""));
    assert!(error.contains("unknown source kind `bodi`"), "{error}");
    let error = refused(&row(
        "input = \"link\"\npart = \"arg0\"\nparts = { json = \"jsn\" }",
    ));
    assert!(error.contains("unknown source kind `jsn`"), "{error}");
    loaded(&row(
        "input = \"link\"\npart = \"arg0\"\nparts = { json = \"body\" }\nfield = \"arg1\"",
    ));
}

#[test]
fn two_rows_must_not_say_the_same_of_a_path() {
    let row = |path: &str, extra: &str| {
        format!("[[log]]\npath = \"{path}\"\nkind = \"console\"\n{extra}")
    };
    let error = refused(&format!("{}{}", row("a::{b,c}", ""), row("a::c", "")));
    assert!(
        error.contains("test.toml:4:1: a second [[log]] row says the same of `a::c`"),
        "{error}"
    );
    let sink = |when: &str| {
        format!("[[sink]]\npath = \"a::b\"\nkind = \"url\"\nat = \"arg0\"\nwhen = {when}\n")
    };
    assert!(load(&format!("{}{}", sink("{ argc = 1 }"), sink("{ argc = 2 }"))).is_ok());
    assert!(load(&format!("{}{}", sink("{ argc = 1 }"), sink("{ argc = 1 }"))).is_err());
    let twice = row("a::b", "");
    let files = [("one.toml", twice.as_str()), ("two.toml", twice.as_str())];
    let error = Vocabulary::load(&files)
        .err()
        .map(|e| e.to_string())
        .unwrap_or_default();
    assert!(
        error.contains("two.toml:1:1") && error.contains("the first is in `one`"),
        "{error}"
    );
}

#[test]
fn cited_names_must_exist() {
    assert!(
        refused("[[type]]\nname = \"a::B\"\nextends = [\"a::C\"]\n")
            .contains("no [[type]] row has the name `a::C`")
    );
    let route =
        "[[route]]\npath = \"a::b\"\nmethod = \"GET\"\nhandlers = \"arg0\"\nsignature = \"s\"\n";
    assert!(refused(route).contains("no [[signature]] row has the name `s`"));
}

#[test]
fn tables_name_stars_that_exist() {
    let effect = |table: &str| {
        format!("[[effect]]\npath = \"a::B.*.c\"\nkind = \"db-read\"\ntable = \"{table}\"\n")
    };
    for table in ["*1", "sql", "arg0", "chain.from.arg0", "this"] {
        assert!(load(&effect(table)).is_ok(), "{table}");
    }
    for table in ["*0", "*2", "*x", "users"] {
        assert!(load(&effect(table)).is_err(), "{table}");
    }
}

#[test]
fn every_broken_file_is_named() {
    let error = Vocabulary::load(&[("a.toml", "x"), ("b.toml", "[[leave]]\n")]).err();
    assert_eq!(error.map(|e| e.problems.len()), Some(2));
}

#[test]
fn the_builtin_files_are_sound() {
    if let Err(error) = Vocabulary::builtin() {
        panic!("{error}");
    }
}

/// The keys that an unknown one is answered with.
fn allowed_keys(error: &str) -> Vec<String> {
    let line = error.lines().next().unwrap_or("");
    let quoted = line.split('`').skip(1).step_by(2);
    quoted.skip(1).map(str::to_owned).collect()
}

#[test]
fn the_reference_names_every_key_of_every_table() {
    let reference = include_str!("../../rules/README.md");
    let tables = allowed_keys(&refused("unknown = 1"));
    assert!(tables.len() > 10, "{tables:?}");
    for table in tables {
        let Some(start) = reference.find(&format!("**`[[{table}]]`**")) else {
            assert!(reference.contains(&format!("| `{table}` |")), "{table}");
            continue;
        };
        let rest = reference.get(start + 2..).unwrap_or("");
        let section = rest.split("\n**`[[").next().unwrap_or("");
        let error = refused(&format!("[[{table}]]\nunknown = 1"));
        for key in allowed_keys(&error) {
            let named = section.contains(&format!("`{key}`")) || key == "when";
            assert!(named, "{key} of {table} is missing in rules/README.md");
        }
    }
}
