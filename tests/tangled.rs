//! Code that is sound and goes on and on: long chains, cycles, and values that are made of themselves twice over. Whoever
//! follows them must come to an end, in time and on the stack.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make files and start the program"
)]

mod support;

use rayon::prelude::*;
use std::fmt::Write as _;
use support::folder::Folder;

/// How long a chain is.
const LONG: usize = 20_000;

/// How often something is doubled: too often to try every way.
const DOUBLED: usize = 200;

/// `first`, then `each` with N as its number and P as the number before, then `last` with N as the last number.
fn chain(times: usize, first: &str, each: &str, last: &str) -> String {
    let mut text = first.to_owned() + "\n";
    for number in 1..=times {
        let line = each
            .replace('N', &number.to_string())
            .replace('P', &(number - 1).to_string());
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{line}");
    }
    text + &last.replace('N', &times.to_string()) + "\n"
}

/// What goes wrong with a project.
fn trouble(name: &str, files: &[(&str, &str)]) -> Option<String> {
    let folder = Folder::new(files);
    let commands = [
        &["--profile", "audit", "--place", "production"][..],
        &["routes"],
    ];
    commands.iter().find_map(|arguments| {
        let run = folder.run(arguments);
        let is_fine = matches!(run.code, Some(0 | 1)) && !run.words.contains("internal error");
        (!is_fine).then(|| format!("{name}: {:?} {}", run.code, run.words))
    })
}

fn demand_none(troubles: Vec<String>) {
    assert!(troubles.is_empty(), "\n{}\n", troubles.join("\n"));
}

const EXPRESS: &str = "import express, { Router } from \"express\";\nimport { PrismaClient } from \"@prisma/client\";\n\
    import jwt from \"jsonwebtoken\";\nconst prisma = new PrismaClient();\nconst app = express();\n";

const AXUM: &str = "use axum::{Json, Router, routing::{get, post}};\nuse serde_json::Value;\n";

#[test]
fn typescript() {
    let shapes: [(&str, usize, &str, &str, &str); 25] = [
        (
            "wrappers",
            LONG,
            "const w0 = (req, res) => prisma.a.create({ data: req.body });",
            "const wN = wrap(wP);",
            "app.post(\"/\", wN);",
        ),
        (
            "wrappers twice",
            DOUBLED,
            "const w0 = 1;",
            "const wN = wrap(wP, wP);",
            "app.post(\"/\", wN);",
        ),
        (
            "bound",
            LONG,
            "const w0 = (req, res) => prisma.a.create({ data: req.body });",
            "const wN = wP.bind(null);",
            "app.post(\"/\", wN);",
        ),
        (
            "names",
            LONG,
            "const w0 = express();",
            "const wN = wP;",
            "wN.post(\"/\", (req, res) => prisma.a.create({ data: req.body }));",
        ),
        (
            "calls",
            LONG,
            "function f0(x) { return prisma.a.create({ data: x }); }",
            "function fN(x) { return fP(x); }",
            "app.post(\"/\", (req, res) => fN(req.body));",
        ),
        (
            "calls twice",
            DOUBLED,
            "function f0(x) { return prisma.a.create({ data: x }); }",
            "function fN(x) { fP(x); return fP(x); }",
            "app.post(\"/\", (req, res) => fN(req.body));",
        ),
        (
            "guards twice",
            DOUBLED,
            "function f0(x) { return jwt.verify(x.headers.authorization, process.env.KEY); }",
            "function fN(x) { if (fP(x)) return fP(x); throw 1; }",
            "app.post(\"/\", (req, res) => { fN(req); prisma.a.create({ data: 1 }); });",
        ),
        (
            "branches",
            2_000,
            "app.post(\"/\", (req, res) => { let x = req.body.a;",
            "if (x.bN) { x = x.cN; }",
            "prisma.a.create({ data: x }); });",
        ),
        (
            "proven branches",
            2_000,
            "app.post(\"/\", (req, res) => { let x = jwt.verify(req.headers.authorization, process.env.KEY);",
            "if (x.bN) { x = x.cN; }",
            "prisma.a.create({ data: x }); });",
        ),
        (
            "values twice",
            DOUBLED,
            "app.post(\"/\", (req, res) => { const v0 = req.body;",
            "const vN = [vP, vP];",
            "prisma.a.create({ data: vN }); });",
        ),
        (
            "texts twice",
            DOUBLED,
            "const s0 = \"SELECT\";",
            "const sN = sP + sP;",
            "app.get(\"/\", (req, res) => prisma.$queryRawUnsafe(sN));",
        ),
        (
            "choices twice",
            DOUBLED,
            "const s0 = () => 1;",
            "const sN = process.env.A ? sP : sP;",
            "app.get(\"/\", sN);",
        ),
        (
            "spread twice",
            DOUBLED,
            "const o0 = { take: 1 };",
            "const oN = { ...oP, ...oP };",
            "app.get(\"/\", (req, res) => prisma.a.findMany(oN));",
        ),
        (
            "routers",
            LONG,
            "const r0 = Router(); r0.post(\"/\", (req, res) => prisma.a.create({ data: 1 }));",
            "const rN = Router(); rN.use(\"/a\", rP);",
            "app.use(rN);",
        ),
        (
            "routers twice",
            60,
            "const r0 = Router(); r0.post(\"/\", (req, res) => prisma.a.create({ data: 1 }));",
            "const rN = Router(); rN.use(\"/a\", rP); rN.use(\"/b\", rP);",
            "app.use(rN);",
        ),
        (
            "routers in a ring",
            DOUBLED,
            "const r0 = Router();",
            "const rN = Router(); rN.use(rP); rP.use(rN);",
            "app.use(rN);",
        ),
        (
            "a router in itself",
            1,
            "app.use(app); app.post(\"/\", app);",
            "",
            "",
        ),
        (
            "a handler of itself",
            1,
            "const a = express().get(\"/\", a); const b = wrap(c); const c = wrap(b); app.get(\"/\", b);",
            "",
            "",
        ),
        (
            "middleware",
            LONG,
            "",
            "app.use((req, res, next) => { req.uN = req.uP; next(); });",
            "app.post(\"/\", (req, res) => prisma.a.create({ data: req.uN }));",
        ),
        (
            "classes",
            LONG,
            "class C0 { run(x) { return prisma.a.create({ data: x }); } }",
            "class CN extends CP {}",
            "app.post(\"/\", (req, res) => new CN().run(req.body));",
        ),
        (
            "classes in a ring",
            1,
            "class A extends B {} class B extends A {} app.get(\"/\", new A().run);",
            "",
            "",
        ),
        (
            "types in a ring",
            1,
            "type A = B; type B = A; interface I extends J {} interface J extends I {} app.get(\"/\", (req: A, res: I) => req.body);",
            "",
            "",
        ),
        (
            "recursion",
            1,
            "const f = (x) => g(x) || f(x); const g = (x) => f(x) && g(x); app.post(\"/\", (req, res) => prisma.a.create({ data: f(req.body) }));",
            "",
            "",
        ),
        (
            "closures",
            400,
            "app.post(\"/\", async (req, res) => {",
            "await prisma.$transaction(async () => {",
            "prisma.a.create({ data: req.body });",
        ),
        (
            "uses",
            LONG,
            "app.post(\"/\", (req, res) => { const x = req.body;",
            "prisma.a.create({ data: x.aN });",
            "});",
        ),
    ];
    let troubles = shapes
        .par_iter()
        .filter_map(|(name, times, first, each, last)| {
            let code = EXPRESS.to_owned() + &chain(*times, first, each, last);
            trouble(name, &[("src/a.ts", &code)])
        });
    demand_none(troubles.collect());
}

#[test]
fn rust() {
    let shapes: [(&str, usize, &str, &str, &str); 13] = [
        (
            "calls",
            LONG,
            "async fn f0(x: Value) { sqlx::query(\"DELETE FROM a\").bind(x).execute(&p).await; }",
            "async fn fN(x: Value) { fP(x).await }",
            "async fn h(Json(x): Json<Value>) { fN(x).await }\nfn app() -> Router { Router::new().route(\"/\", post(h)) }",
        ),
        (
            "calls twice",
            DOUBLED,
            "async fn f0(x: Value) { sqlx::query(\"DELETE FROM a\").bind(x).execute(&p).await; }",
            "async fn fN(x: Value) { fP(x.clone()).await; fP(x).await }",
            "async fn h(Json(x): Json<Value>) { fN(x).await }\nfn app() -> Router { Router::new().route(\"/\", post(h)) }",
        ),
        (
            "names",
            LONG,
            "async fn h(Json(x): Json<Value>) { let v0 = x;",
            "let vN = vP;",
            "sqlx::query(\"DELETE FROM a\").bind(vN).execute(&p).await; }\nfn app() -> Router { Router::new().route(\"/\", post(h)) }",
        ),
        (
            "values twice",
            DOUBLED,
            "async fn h(Json(x): Json<Value>) { let v0 = x;",
            "let vN = (vP, vP);",
            "sqlx::query(\"DELETE FROM a\").bind(vN).execute(&p).await; }\nfn app() -> Router { Router::new().route(\"/\", post(h)) }",
        ),
        (
            "branches",
            2_000,
            "async fn h(Json(x): Json<Value>) { let mut v = x;",
            "if v.bN { v = v.cN; }",
            "sqlx::query(\"DELETE FROM a\").bind(v).execute(&p).await; }\nfn app() -> Router { Router::new().route(\"/\", post(h)) }",
        ),
        (
            "routers",
            LONG,
            "async fn h() {}\nfn r0() -> Router { Router::new().route(\"/\", post(h)) }",
            "fn rN() -> Router { Router::new().nest(\"/a\", rP()) }",
            "fn app() -> Router { rN() }",
        ),
        (
            "routers twice",
            60,
            "async fn h() {}\nfn r0() -> Router { Router::new().route(\"/\", post(h)) }",
            "fn rN() -> Router { Router::new().nest(\"/a\", rP()).nest(\"/b\", rP()) }",
            "fn app() -> Router { rN() }",
        ),
        (
            "routers in a ring",
            1,
            "fn a() -> Router { b().nest(\"/a\", a()) }\nfn b() -> Router { a().merge(b()) }",
            "",
            "",
        ),
        (
            "types",
            LONG,
            "struct T0;",
            "type TN = TP;",
            "async fn h(x: TN) {}\nfn app() -> Router { Router::new().route(\"/\", post(h)) }",
        ),
        (
            "types in a ring",
            1,
            "type A = B;\ntype B = A;\nasync fn h(x: A) {}\nfn app() -> Router { Router::new().route(\"/\", post(h)) }",
            "",
            "",
        ),
        (
            "extractors in a ring",
            1,
            "struct A;\nimpl<S> axum::extract::FromRequestParts<S> for A { async fn from_request_parts(p: &mut Parts, s: &S) -> Result<Self, E> { A::from_request_parts(p, s).await } }\nasync fn h(a: A) { sqlx::query(\"DELETE FROM a\").execute(&p).await; }\nfn app() -> Router { Router::new().route(\"/\", post(h)) }",
            "",
            "",
        ),
        (
            "imports in a ring",
            LONG,
            "use self::a0 as b;",
            "use self::aP as aN;",
            "use self::aN as a0;\nfn app() -> Router { a0() }",
        ),
        (
            "modules",
            400,
            "",
            "mod mN { pub use super::*; pub fn f() { super::f() } ",
            "",
        ),
    ];
    let troubles = shapes
        .par_iter()
        .filter_map(|(name, times, first, each, last)| {
            let mut code = AXUM.to_owned() + &chain(*times, first, each, last);
            if *name == "modules" {
                code += &"}".repeat(*times);
            }
            trouble(name, &[("src/main.rs", &code)])
        });
    demand_none(troubles.collect());
}

#[test]
fn files() {
    let many = 400;
    let handler = "export const h = (req, res) => prisma.a.create({ data: req.body });\n";
    let shapes: [(&str, &str, &str); 4] = [
        ("re-exports", "export * from \"./aP\";\n", handler),
        (
            "re-exports twice",
            "export * from \"./aP\";\nexport * from \"./aP.js\";\nexport { h as hN } from \"./aP\";\n",
            handler,
        ),
        (
            "re-exports in a ring",
            "export * from \"./aP\";\n",
            "export * from \"./a400\";\n",
        ),
        (
            "imports in a ring",
            "import { h as i } from \"./aP\";\nexport const h = i;\n",
            "import { h as i } from \"./a400\";\nexport const h = i;\n",
        ),
    ];
    let troubles = shapes.par_iter().filter_map(|(name, each, first)| {
        let app = format!("{EXPRESS}import {{ h }} from \"./a{many}\";\napp.post(\"/\", h);\n");
        let mut files = vec![("src/app.ts".to_owned(), app)];
        for number in 0..=many {
            let before = number.max(1) - 1;
            let text = if number == 0 { *first } else { *each };
            let text = text
                .replace('N', &number.to_string())
                .replace('P', &before.to_string());
            files.push((format!("src/a{number}.ts"), text));
        }
        let files: Vec<(&str, &str)> = files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        trouble(name, &files)
    });
    demand_none(troubles.collect());
}
