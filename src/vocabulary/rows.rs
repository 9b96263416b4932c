//! The tables of a vocabulary file: what each row says. Facts about libraries, never about rules.
//!
//! Every row has `path` (what it speaks of, see [`super::path`]) and may have `when` (conditions on the arguments of
//! the call). The same struct is the file format: unknown keys are errors.

use super::path::Pattern;
use super::position::{Position, When};
use crate::kinds;
use crate::model::Name;
use serde::Deserialize;

/// `[[type]]`: what the instances of a library type are called and which calls make them.
///
/// A value made by such a call has the path [`TypeRow::name`]; its members are `name.member`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TypeRow {
    /// Path of an instance: `express::Application`, `axum::Router`.
    pub name: Name,
    /// Callee paths whose result (awaited or unwrapped) is an instance; a constructor's path for `new`.
    #[serde(default)]
    pub made_by: Vec<Pattern>,
    /// Types whose rows hold for this one, too.
    #[serde(default)]
    pub extends: Vec<Name>,
    /// A method that no row describes returns the same instance (builders, fluent schemas).
    #[serde(default)]
    pub fluent: bool,
    /// Instances collect routes, mounts and links.
    #[serde(default)]
    pub router: bool,
    /// Position of a path prefix in the call that makes it: `web::scope("/api")`, `new Hono().basePath("/api")`.
    #[serde(default)]
    pub prefix: Option<Position>,
    /// The new instance is mounted on the receiver of the call that makes it: `app.route("/x")`, `app.basePath("/x")`.
    #[serde(default)]
    pub mounted: bool,
    /// An instance holds data of any shape: `serde_json::Value`, a map.
    #[serde(default)]
    pub dynamic: bool,
    /// Calling an instance tests the request's URL path against the list of patterns that it was made from.
    #[serde(default)]
    pub matcher: bool,
    /// An instance stands for its first type argument: `Promise<T>`, `Option<T>`, `Arc<T>`, `web::Data<T>`.
    #[serde(default)]
    pub transparent: bool,
    /// HTTP method of all its routes: `web::get()`. `"name"`: the callee's last segment.
    #[serde(default)]
    pub method: Option<Name>,
    /// Conditions on the making call.
    #[serde(default)]
    pub when: When,
}

/// `[[signature]]`: what the parameters of a handler or middleware are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignatureRow {
    /// Its name, which `signature` keys of other rows cite.
    pub name: Name,
    /// Type path of each parameter, in order; `"continue"` for the callback that passes the request on, `"error"` for
    /// an error (a function with an `error` parameter is an error handler and no link), `"_"` for anything else.
    pub params: Vec<Name>,
}

/// `[[route]]`: a call that registers an endpoint on a router (its receiver, or its result where it has none).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteRow {
    /// The callee.
    pub path: Pattern,
    /// HTTP method: `"name"` for the callee's last segment in capitals, a position, or the method itself.
    pub method: Name,
    /// Position of the URL path; absent where the router's prefix is all.
    #[serde(default)]
    pub at: Option<Position>,
    /// Positions of links and handler, in order; the last function is the handler: `"arg1.."`.
    pub handlers: Position,
    /// The signature of links and handler.
    #[serde(default)]
    pub signature: Option<Name>,
    /// Where the endpoint is the exported value that the call yields rather than a registered route (action builders,
    /// procedures): links are the guards and validators on the receiver's chain.
    #[serde(default)]
    pub builder: bool,
    /// Conditions on the call.
    #[serde(default)]
    pub when: When,
}

/// `[[mount]]`: a call that puts routers or links (middleware, layers) on a router (its receiver).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MountRow {
    /// The callee.
    pub path: Pattern,
    /// Position of the path prefix or pattern; a function or router there is the first target (`app.use(mw)`).
    #[serde(default)]
    pub at: Option<Position>,
    /// Positions of what is put there: routers are mounted, functions are links.
    pub targets: Position,
    /// Which routes of the router its links stand in front of.
    pub covers: Covers,
    /// A path without a wildcard covers just that path (Hono), not all below it (Express).
    #[serde(default)]
    pub exact: bool,
    /// The signature of the links.
    #[serde(default)]
    pub signature: Option<Name>,
    /// Conditions on the call.
    #[serde(default)]
    pub when: When,
}

/// Which items of a router a link covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Covers {
    /// Those registered after it (Express, Hono, Koa).
    Later,
    /// Those registered before it (axum).
    Earlier,
    /// All of them (actix-web `wrap`).
    All,
    /// None: the targets are only routers.
    None,
}

/// `[[convention]]`: endpoints and links that are declared by files, directives, attributes or decorators.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConventionRow {
    /// What declares them.
    pub kind: ConventionKind,
    /// Glob of the files, from a package's root: `"{,src/}app/**/route.{ts,js}"`. Absent: any file.
    #[serde(default)]
    pub files: Option<Name>,
    /// Folder whose sub-folders make the URL path: `"app"`.
    #[serde(default)]
    pub root: Option<Name>,
    /// Prefix of the URL path that the root stands for (`"/api"` where the root is `pages/api`).
    #[serde(default)]
    pub prefix: Option<Name>,
    /// Exports that are endpoints or links; `"*"` for all functions.
    #[serde(default)]
    pub exports: Vec<Name>,
    /// Directive at the top of a file or function: `"use server"`.
    #[serde(default)]
    pub directive: Option<Name>,
    /// Path of the decorator or attribute.
    #[serde(default)]
    pub path: Option<Pattern>,
    /// HTTP method: `"name"` for the export's or attribute's name, else the method itself.
    #[serde(default)]
    pub method: Option<Name>,
    /// Position of the URL path in a decorator or attribute.
    #[serde(default)]
    pub at: Option<Position>,
    /// Files: where the list of URL patterns that a middleware runs for is exported: `"config.matcher"`.
    #[serde(default)]
    pub matcher: Option<Name>,
    /// The signature of the functions.
    #[serde(default)]
    pub signature: Option<Name>,
    /// Packages of which the file's package must depend on one, if any are named.
    #[serde(default)]
    pub packages: Vec<Name>,
}

/// What declares endpoints or links by convention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConventionKind {
    /// A file whose exports are endpoints.
    RouteFile,
    /// A file whose export runs in front of all endpoints of its package.
    MiddlewareFile,
    /// A directive that makes exported functions endpoints.
    Directive,
    /// A decorator or attribute on the handler. The handler is registered where a route or mount names it, or, if
    /// `at` is given and nothing mounts it, on its own.
    Attribute,
}

/// `[[source]]`: where data or credentials enter.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceRow {
    /// A member (`express::Request.body`), a callee, or a type.
    pub path: Pattern,
    /// One of the kinds of sources.
    #[serde(deserialize_with = "kinds::source::one")]
    pub kind: Name,
    /// Absent: the member itself. `"return"`: what the call yields. `"type"`: what a handler parameter of that type holds.
    #[serde(default)]
    pub at: Option<Position>,
    /// `at = "type"`: the library checks the shape of a concrete type argument (serde), not of a map or dynamic value.
    #[serde(default)]
    pub typed: bool,
    /// Its values are texts, whatever the client sends.
    #[serde(default)]
    pub text: bool,
    /// The path's parameters are among it, too.
    #[serde(default)]
    pub with_path: bool,
    /// It holds what came in, even where a link has checked the request.
    #[serde(default)]
    pub raw: bool,
    /// Conditions on the call.
    #[serde(default)]
    pub when: When,
}

/// `[[guard]]`: a primitive that proves something about who is calling.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GuardRow {
    /// A callee, a member or a type.
    pub path: Pattern,
    /// `auth`, `authorization`, `rate-limit`, `csrf`, `webhook-signature`, `service-token`, ...
    #[serde(deserialize_with = "kinds::guard::one")]
    pub kind: Name,
    /// How it proves; any one of these is enough. `"returns"`: it returned. `"return.userId"`: that part of the result is truthy;
    /// `"!return.error"`: is falsy; `"arg2.param1"`: that parameter of the callback is. `"value"`: the member itself is. `"link"`:
    /// the result, or the value itself, is a link that rejects. `"type"`: a handler parameter of that type rejects.
    pub proof: Vec<Position>,
    /// It is only a first half (a session that may be anonymous): it proves that a credential was looked at.
    #[serde(default)]
    pub optional: bool,
    /// Conditions on the call.
    #[serde(default)]
    pub when: When,
}

/// `[[validator]]`: a check of data against a schema.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidatorRow {
    /// The callee.
    pub path: Pattern,
    /// What is checked; `"link"` for a middleware that checks the request, `"this"`, `"arg0"`.
    pub input: Position,
    /// Where the checked data comes out; absent: in place.
    #[serde(default)]
    pub output: Option<Position>,
    /// What proves that the check passed: `"returns"` (throws otherwise), `"return.success"`, `"!return.error"`.
    #[serde(default)]
    pub proof: Vec<Position>,
    /// For links: a kind of source, a position (mapped through `parts`), or `"*"` for all.
    #[serde(default)]
    pub part: Option<Name>,
    /// For links with a position: what its strings mean.
    #[serde(default)]
    pub parts: std::collections::BTreeMap<Name, Name>,
    /// For links: where the checked fields are named; absent: the whole part is checked.
    #[serde(default)]
    pub field: Option<Position>,
    /// Position of the schema.
    #[serde(default)]
    pub schema: Option<Position>,
    /// The schema is the type that is written for the result, unless that takes anything.
    #[serde(default)]
    pub typed: bool,
    /// Conditions on the call.
    #[serde(default)]
    pub when: When,
}

/// `[[step]]`: how data, or a bound value, passes through a library call.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepRow {
    /// The callee.
    pub path: Pattern,
    /// Where it goes in: `"arg0"`, `"this"`.
    pub from: Position,
    /// Where it comes out: `"return"`, `"arg0.param0"` (a callback's parameter), `"this"`.
    pub to: Position,
    /// The result is true exactly if the input is (`Boolean(x)`), or is the input (`cache(f)`, `x.clone()`).
    #[serde(default)]
    pub same: bool,
    /// A text becomes data of any shape: `JSON.parse(x)`.
    #[serde(default)]
    pub parses: bool,
    /// Conditions on the call.
    #[serde(default)]
    pub when: When,
}

/// `[[leave]]`: a call that never returns to its caller.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveRow {
    /// The callee.
    pub path: Pattern,
}

/// `[[respond]]`: a call that answers the request.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RespondRow {
    /// The callee.
    pub path: Pattern,
    /// Where the body stands.
    #[serde(default)]
    pub body: Option<Position>,
    /// Where the status stands: `"arg1"`, `"arg1.status"`, `"chain.status.arg0"` is not a position; a fixed one is `status`.
    #[serde(default)]
    pub status_at: Option<Position>,
    /// A fixed status.
    #[serde(default)]
    pub status: Option<u16>,
}

/// `[[log]]`: a call that writes a log line.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogRow {
    /// The callee.
    pub path: Pattern,
    /// `console` (unstructured, to the terminal), `console-error` (the same, for errors), `structured`.
    #[serde(deserialize_with = "kinds::log::one")]
    pub kind: Name,
}

/// `[[sink]]`: a place where data does harm.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SinkRow {
    /// The callee or member.
    pub path: Pattern,
    /// `sql-text`, `shell`, `file-path`, ...
    #[serde(deserialize_with = "kinds::sink::one")]
    pub kind: Name,
    /// Where the data arrives.
    pub at: Position,
    /// For data that is known to be text only; anything else could bring operators along.
    #[serde(default)]
    pub text: bool,
    /// Conditions on the call.
    #[serde(default)]
    pub when: When,
}

/// `[[barrier]]`: a call after which data is harmless for some sinks.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BarrierRow {
    /// The callee.
    pub path: Pattern,
    /// One of the kinds of barriers.
    #[serde(deserialize_with = "kinds::barrier::one")]
    pub kind: Name,
    /// What goes in.
    pub input: Position,
    /// What comes out harmless; absent: the input is harmless where the call's result is true.
    #[serde(default)]
    pub output: Option<Position>,
    /// Conditions on the call.
    #[serde(default)]
    pub when: When,
}
