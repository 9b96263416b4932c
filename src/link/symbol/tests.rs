use super::*;
use crate::link::draft::{Draft, project, rust, type_ref, typescript};
use crate::model::{Entry, Field, Method, TypeDeclKind, ValueKind};
use crate::project::{Crate, CrateDependency, Package};
use crate::source::Span;

/// Asks questions about the drafts.
fn with(project: &Project, drafts: impl IntoIterator<Item = Draft>, ask: impl FnOnce(&Symbols)) {
    let modules: Vec<Module> = drafts.into_iter().map(|draft| draft.0).collect();
    ask(&Symbols::new(project, &modules, &Resolver::new(project)));
}

fn external(path: &str) -> Symbol {
    Symbol::External(path.into())
}

fn value(file: u32, value: ValueId) -> Symbol {
    Symbol::Value {
        file: FileId(file),
        value,
    }
}

fn path(text: &str) -> Vec<Name> {
    text.split("::").map(Name::new).collect()
}

#[test]
fn re_exports_are_followed_and_circles_end() {
    let project = project(&["a.ts", "b.ts", "c.ts", "d.ts"]);
    let [mut a, mut b, mut c, mut d] = typescript();
    let used = a.import("f", "./b", "f");
    a.import("gone", "./b", "gone");
    let namespace = a.import("ns", "./b", "*");
    let member = a.member(namespace, "g");
    b.from("f", "./c", "inner");
    b.star("./d");
    b.star("./a");
    let inner = c.export("inner");
    c.from("loop", "./d", "loop");
    d.from("loop", "./c", "loop");
    d.star("./b");
    d.star("zod");
    let g = d.export("g");
    with(&project, [a, b, c, d], |symbols| {
        assert_eq!(symbols.import(FileId(0), ImportId(0)), value(2, inner));
        assert_eq!(symbols.value(FileId(0), used), value(2, inner));
        assert_eq!(
            symbols.import(FileId(0), ImportId(1)),
            external("zod::gone")
        );
        assert_eq!(
            symbols.value(FileId(0), namespace),
            Symbol::Module(FileId(1))
        );
        assert_eq!(symbols.value(FileId(0), member), value(3, g));
        assert_eq!(symbols.export(FileId(2), "loop"), Symbol::Unknown);
        assert_eq!(symbols.needed_files(FileId(1)).len(), 3);
    });
}

#[test]
fn a_package_has_one_path_in_every_style() {
    let project = project(&["a.ts"]);
    let [mut a] = typescript();
    let styles = ["default", "*", "="].map(|style| {
        let whole = a.import("express", "express", style);
        a.member(whole, "Router")
    });
    let named = a.import("Router", "express", "Router");
    let deep = a.member(named, "route");
    let whole = a.import("p", "mysql2/promise", "=");
    let readable = a.import("fs", "fs", "promises");
    let read = a.member(readable, "readFile");
    let console = a.value(ValueKind::Global("console".into()));
    let log = a.member(console, "log");
    let this = a.value(ValueKind::Global("globalThis".into()));
    let fetch = a.member(this, "fetch");
    with(&project, [a], |symbols| {
        let of = |value| symbols.value(FileId(0), value);
        for style in styles {
            assert_eq!(of(style), external("express::Router"));
        }
        assert_eq!(of(deep), external("express::Router.route"));
        assert_eq!(of(whole), external("mysql2/promise::default"));
        assert_eq!(of(read), external("node:fs::promises.readFile"));
        assert_eq!(of(log), external("global::console.log"));
        assert_eq!(of(fetch), external("global::fetch"));
    });
}

#[test]
fn commonjs_gives_its_value_or_its_exports() {
    let project = project(&["a.js", "object.js", "named.js", "function.js"]);
    let [mut a, mut object, mut named, mut function] = typescript();
    for (source, style) in [
        ("./object", "="),
        ("./named", "="),
        ("./function", "default"),
        ("./object", "f"),
    ] {
        a.import("x", source, style);
    }
    let f = object.leaf();
    let entry = Entry::Field {
        key: "f".into(),
        value: f,
        span: Span::default(),
    };
    let whole = object.value(ValueKind::Object(vec![entry]));
    object.export_kind("", "=", ExportKind::Value(whole));
    let g = named.export("g");
    let main = function.export("=");
    let helper = function.export("helper");
    with(&project, [a, object, named, function], |symbols| {
        let import = |index| symbols.import(FileId(0), ImportId(index));
        assert_eq!(import(0), value(1, whole));
        assert_eq!(symbols.member(&import(0), "f"), value(1, f));
        assert_eq!(import(1), Symbol::CommonJs(FileId(2)));
        assert_eq!(symbols.member(&import(1), "g"), value(2, g));
        assert_eq!(import(2), value(3, main));
        assert_eq!(symbols.member(&import(2), "helper"), value(3, helper));
        assert_eq!(import(3), value(1, f));
    });
}

#[test]
fn types_are_told_from_values_of_the_same_name() {
    let project = project(&["a.ts", "b.ts"]);
    let [mut a, mut b] = typescript();
    a.import("User", "./b", "User");
    a.import("express", "express", "default");
    a.ty("Alias", TypeDeclKind::Alias).target = Some(type_ref(&["User"]));
    a.ty("Loop", TypeDeclKind::Alias).target = Some(type_ref(&["Loop"]));
    let schema = b.export("User");
    b.ty("User", TypeDeclKind::Interface);
    with(&project, [a, b], |symbols| {
        let ty = |path: &[&str]| symbols.ts_type(FileId(0), &type_ref(path));
        let user = Symbol::Type {
            file: FileId(1),
            ty: TypeId(0),
        };
        assert_eq!(symbols.import(FileId(0), ImportId(0)), value(1, schema));
        assert_eq!(ty(&["User"]), user);
        assert_eq!(symbols.resolve_type(&ty(&["Alias"])), user);
        assert_eq!(symbols.resolve_type(&ty(&["Loop"])), ty(&["Loop"]));
        assert_eq!(ty(&["express", "Request"]), external("express::Request"));
        assert_eq!(ty(&["Request"]), external("global::Request"));
        assert_eq!(ty(&["[]"]), Symbol::Unknown);
    });
}

#[test]
fn hostile_modules_are_answered_in_time() {
    let project = project(&["a.ts"]);
    let [mut a] = typescript();
    let mut deep = a.import("x", "y", "*");
    for _ in 0..100_000 {
        deep = a.member(deep, "z");
    }
    let own = a.import("self", "./a", "self");
    a.export_kind("", "self", ExportKind::Value(own));
    a.star("./a");
    with(&project, [a], |symbols| {
        assert_eq!(symbols.value(FileId(0), deep), value(0, deep));
        assert!(matches!(
            symbols.value(FileId(0), own),
            Symbol::Value { .. } | Symbol::Unknown
        ));
        assert_eq!(symbols.export(FileId(0), "none"), Symbol::Unknown);
    });
}

/// A program `app` with a library `my-db` beside it.
fn rust_project() -> Project {
    let files = [
        "app/src/db/mod.rs",
        "app/src/main.rs",
        "app/src/routes.rs",
        "app/src/routes/users.rs",
        "db/src/lib.rs",
    ];
    let mut project = project(&files);
    let dependency = |package: &str, dir: Option<&str>| CrateDependency {
        package: package.into(),
        dir: dir.map(str::to_owned),
        dev: false,
    };
    let dependencies = [
        ("axum", dependency("axum", None)),
        ("store", dependency("my-db", Some("db"))),
        ("my_log", dependency("tracing-log", None)),
    ];
    project.crates = vec![
        Crate {
            dir: "app".to_owned(),
            name: "app".into(),
            bins: vec![("app".into(), "app/src/main.rs".to_owned())],
            dependencies: dependencies.map(|(name, dep)| (name.into(), dep)).into(),
            edition: "2021".into(),
            ..Crate::default()
        },
        Crate {
            dir: "db".to_owned(),
            name: "my-db".into(),
            lib_name: "my_db".into(),
            lib: Some("db/src/lib.rs".to_owned()),
            ..Crate::default()
        },
    ];
    project
}

fn child(draft: &mut Draft, names: &[&str]) {
    let children = names
        .iter()
        .map(|name| (Name::new(name), Name::default(), Span::default()));
    draft.0.child_modules.extend(children);
}

#[test]
fn rust_paths_walk_the_module_tree() {
    let project = rust_project();
    let [mut db, mut main, mut routes, mut users, mut lib] = rust();
    child(&mut main, &["db", "routes"]);
    child(&mut routes, &["users"]);
    let pool = db.export("pool");
    let inner = users.leaf();
    users.export_kind("inner", "deep", ExportKind::Value(inner));
    let list = users.export("list");
    users.import("get", "axum::routing", "get");
    users.import("_", "super", "::*");
    users.import_in("inner", "", "super", "::*");
    routes.import("pool", "crate::db", "pool");
    main.import("users", "routes", "users");
    main.import("store", "", "store");
    main.import("log_it", "my_log::inner", "log");
    let open = lib.export("open");
    with(&project, [db, main, routes, users, lib], |symbols| {
        let in_main = |text: &str| symbols.rust_path(FileId(1), "", &path(text));
        let in_users = |scope: &str, text: &str| symbols.rust_path(FileId(3), scope, &path(text));
        assert_eq!(in_main("users::list"), value(3, list));
        assert_eq!(in_main("routes::users::inner::deep"), value(3, inner));
        assert_eq!(in_main("routes"), Symbol::Module(FileId(2)));
        assert_eq!(in_main("store::open"), value(4, open));
        assert_eq!(in_main("log_it"), external("tracing_log::inner::log"));
        assert_eq!(in_main("axum::Router::new"), external("axum::Router::new"));
        assert_eq!(in_main("std::fs::read"), external("std::fs::read"));
        assert_eq!(in_main("nothing::here"), Symbol::Unknown);
        assert_eq!(in_users("", "get"), external("axum::routing::get"));
        assert_eq!(in_users("", "pool"), value(0, pool));
        assert_eq!(in_users("", "super::super::db::pool"), value(0, pool));
        assert_eq!(in_users("inner", "list"), value(3, list));
        assert_eq!(in_users("inner", "super::super::pool"), value(0, pool));
        assert_eq!(
            in_users("", "String::from"),
            external("std::string::String::from")
        );
        assert_eq!(in_users("", "crate::db"), Symbol::Module(FileId(0)));
        let macro_of = |text: &str| symbols.rust_macro(FileId(1), "", &path(text));
        assert_eq!(macro_of("println"), external("std::println!"));
        assert_eq!(macro_of("axum::debug"), external("axum::debug!"));
        assert_eq!(symbols.needed_files(FileId(1))[..2], [FileId(0), FileId(2)]);
    });
}

#[test]
fn rust_types_have_methods_from_any_file() {
    let project = rust_project();
    let [mut db, mut main, mut routes, users, lib] = rust();
    child(&mut main, &["db", "routes"]);
    let named = |function, name: &str| Method {
        name: Name::new(name),
        function,
        is_static: true,
    };
    db.ty("User", TypeDeclKind::Struct);
    db.ty("Find", TypeDeclKind::Trait).methods = Vec::new();
    let default = db.function("all");
    db.0.types[1].methods = vec![named(default, "all")];
    let find = routes.function("find");
    routes.import("User", "crate::db", "User");
    routes.import("", "crate::db", "::*");
    let inherent = routes.ty("User", TypeDeclKind::Impl);
    inherent.target = Some(type_ref(&["User"]));
    inherent.methods = vec![named(find, "find")];
    let by_trait = routes.ty("User", TypeDeclKind::Impl);
    by_trait.target = Some(type_ref(&["User"]));
    by_trait.trait_ = Some(type_ref(&["Find"]));
    main.ty("Me", TypeDeclKind::Alias).target = Some(type_ref(&["db", "User"]));
    let kind = main.ty("Kind", TypeDeclKind::Enum);
    kind.fields = vec![Field {
        name: "A".into(),
        ty: None,
        value: None,
        decorators: Vec::new(),
        is_static: false,
        span: Span::default(),
    }];
    main.import("", "Kind", "::*");
    // Each of these names a member of the other.
    main.ty("X", TypeDeclKind::Alias).target = Some(type_ref(&["Y", "Z"]));
    main.ty("Y", TypeDeclKind::Alias).target = Some(type_ref(&["X", "Z"]));
    routes.0.functions[find.index()].owner = Some(TypeId(0));
    let find_id = find;
    let find = routes.0.functions[find.index()].value;
    let all = db.0.functions[default.index()].value;
    with(&project, [db, main, routes, users, lib], |symbols| {
        let of = |text: &str| symbols.rust_path(FileId(1), "", &path(text));
        let user = Symbol::Type {
            file: FileId(0),
            ty: TypeId(0),
        };
        assert_eq!(of("db::User"), user);
        assert_eq!(of("db::User::find"), value(2, find));
        assert_eq!(of("db::User::all"), value(0, all));
        assert_eq!(of("Me::find"), value(2, find));
        assert_eq!(symbols.resolve_type(&of("Me")), user);
        let inside = |text: &str| symbols.path_in(FileId(2), find_id, &path(text));
        assert_eq!(inside("Self::all"), value(0, all));
        assert_eq!(inside("Self"), user);
        assert_eq!(inside("User::find"), value(2, find));
        assert_eq!(of("Kind::A"), of("Kind"));
        assert_eq!(of("A"), of("Kind"));
        let _ = (of("X::Q"), symbols.resolve_type(&of("X")));
        assert_eq!(symbols.impls(FileId(0), TypeId(0)).len(), 2);
        assert_eq!(symbols.implementors(FileId(0), TypeId(1)).len(), 1);
        assert_eq!(
            symbols.rust_type(FileId(1), "", &type_ref(&["Vec"])),
            external("std::vec::Vec")
        );
    });
}

#[test]
fn a_glob_of_one_package_gives_what_nothing_else_defines() {
    let project = rust_project();
    let [db, mut main, mut routes, users, lib] = rust();
    child(&mut main, &["routes"]);
    main.import("", "axum::prelude", "::*");
    main.import("", "axum::prelude", "::*");
    main.import("", "routes", "::*");
    let own = routes.export("own");
    routes.import("", "axum", "::*");
    routes.import("", "my_log", "::*");
    with(&project, [db, main, routes, users, lib], |symbols| {
        let of = |file, text: &str| symbols.rust_path(FileId(file), "", &path(text));
        assert_eq!(of(1, "own"), value(2, own));
        assert_eq!(of(1, "Router::new"), external("axum::prelude::Router::new"));
        assert_eq!(of(2, "Router::new"), Symbol::Unknown);
    });
}

#[test]
fn without_a_manifest_packages_are_taken_at_their_word() {
    let project = project(&["src/main.rs", "src/users.rs"]);
    let [mut main, mut users] = rust();
    child(&mut main, &["users"]);
    let list = users.export("list");
    with(&project, [main, users], |symbols| {
        let of = |text: &str| symbols.rust_path(FileId(0), "", &path(text));
        assert_eq!(of("sqlx::query"), external("sqlx::query"));
        assert_eq!(of("users::list"), value(1, list));
        assert_eq!(of("helper"), Symbol::Unknown);
    });
}

#[test]
fn packages_of_the_workspace_are_part_of_the_program() {
    let mut project = project(&["app/x.ts", "lib/src/index.ts"]);
    let package = |dir: &str, name: &str| Package {
        dir: dir.to_owned(),
        name: Some(name.into()),
        ..Package::default()
    };
    project.packages = vec![package("", "root"), package("lib", "@acme/lib")];
    project.packages[0].workspaces = vec!["*".to_owned()];
    let [mut x, mut index] = typescript();
    x.import("f", "@acme/lib", "f");
    let f = index.export("f");
    with(&project, [x, index], |symbols| {
        assert_eq!(symbols.import(FileId(0), ImportId(0)), value(1, f));
    });
}
