//! Endpoints and their posture, as a table and as JSON; the shape of the JSON is a contract.

use super::Style;
use super::closing::plural;
use super::safe::{Redactor, clipped, json_text, visible};
use super::text::buffer;
use crate::finding::Secrets;
use crate::model::Name;
use codespan_reporting::term::termcolor::{Buffer, Color, ColorSpec, WriteColor as _};
use serde::Serialize;
use std::io::Write as _;

/// One endpoint; one per method.
#[derive(Debug, Clone, Serialize)]
pub struct RouteReport {
    /// `GET`, .., `ALL`, `QUERY`, `MUTATION`, `SUBSCRIPTION`, `ACTION`, `MESSAGE`.
    pub method: Name,
    /// Full path in the framework's own style.
    pub path: String,
    /// The framework.
    pub framework: Name,
    /// The protocol.
    pub protocol: Name,
    /// File of the handler's head.
    pub file: Name,
    /// Line of the handler's head.
    pub line: u32,
    /// The registering call or decorator; the handler's head where there is none.
    pub registration: Line,
    /// The handler's name.
    pub handler: Option<String>,
    /// What stands in front of it, and what it does.
    pub posture: Posture,
}

/// A place in a file.
#[derive(Debug, Clone, Serialize)]
pub struct Line {
    /// Root-relative path.
    pub file: Name,
    /// 1-based line.
    pub line: u32,
}

/// What stands in front of an endpoint, and what it does.
#[derive(Debug, Clone, Serialize)]
pub struct Posture {
    /// Who is calling.
    pub authentication: Authentication,
    /// Whether they may.
    pub authorization: Authorization,
    /// Whether the input is checked.
    pub validation: Validation,
    /// Whether calls are limited.
    pub rate_limit: RateLimit,
    /// What the endpoint does to the world.
    pub effects: Vec<Name>,
}

/// Whether a credential is verified.
#[derive(Debug, Clone, Serialize)]
pub struct Authentication {
    /// `required`, `optional`, `none` or `unknown`.
    pub status: Name,
    /// Kinds of guards.
    pub kinds: Vec<Name>,
    /// What verifies it.
    pub by: Option<String>,
    /// Where.
    pub at: Option<Line>,
    /// What could not be followed.
    pub why: Option<String>,
}

/// Whether the caller's rights are checked.
#[derive(Debug, Clone, Serialize)]
pub struct Authorization {
    /// `yes`, `no` or `unknown`.
    pub status: Name,
    /// `role`, `owner`, `tenant`, `permission`.
    pub kinds: Vec<Name>,
    /// What checks them.
    pub by: Option<String>,
    /// Where.
    pub at: Option<Line>,
}

/// Whether the inputs are checked.
#[derive(Debug, Clone, Serialize)]
pub struct Validation {
    /// `yes`, `partial`, `no`, `no-input` or `unknown`.
    pub status: Name,
    /// What checks them.
    pub by: Option<String>,
}

/// Whether calls are limited.
#[derive(Debug, Clone, Serialize)]
pub struct RateLimit {
    /// `yes`, `no` or `unknown`.
    pub status: Name,
    /// What limits them.
    pub by: Option<String>,
}

/// The routes as JSON.
#[must_use]
pub fn routes_json(routes: &[RouteReport], secrets: &Secrets) -> String {
    let redactor = Redactor::new(secrets);
    let hide = |text: &mut Option<String>| {
        if let Some(text) = text {
            *text = redactor.message(text);
        }
    };
    let mut routes = routes.to_vec();
    for route in &mut routes {
        route.path = redactor.message(&route.path);
        hide(&mut route.handler);
        hide(&mut route.posture.authentication.by);
        hide(&mut route.posture.authentication.why);
        hide(&mut route.posture.authorization.by);
        hide(&mut route.posture.validation.by);
        hide(&mut route.posture.rate_limit.by);
    }
    json_text(&routes)
}

const HEAD: [&str; 7] = [
    "METHOD",
    "PATH",
    "AUTH",
    "RIGHTS",
    "VALIDATION",
    "RATE LIMIT",
    "EFFECTS",
];
/// Widest column, in characters.
const WIDEST: usize = 60;

/// The routes as a table, grouped by the file that registers them.
#[must_use]
pub fn routes_table(routes: &[RouteReport], secrets: &Secrets, style: Style) -> Vec<u8> {
    let redactor = Redactor::new(secrets);
    let rows: Vec<[String; 7]> = routes.iter().map(|route| cells(route, &redactor)).collect();
    let mut widths = HEAD.map(str::len);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut buffer = buffer(style);
    if !rows.is_empty() {
        paint(&mut buffer, None, true, "  ");
        for (head, width) in HEAD.iter().zip(&widths).take(6) {
            paint(&mut buffer, None, true, &format!("{head:width$}  "));
        }
        paint(&mut buffer, None, true, HEAD[6]);
        let _ = writeln!(buffer);
    }
    let mut file = None;
    for (route, row) in routes.iter().zip(&rows) {
        if file != Some(&route.registration.file) {
            file = Some(&route.registration.file);
            let _ = writeln!(buffer);
            paint(
                &mut buffer,
                Some(Color::Cyan),
                false,
                &visible(&route.registration.file),
            );
            let _ = writeln!(buffer);
        }
        write_row(&mut buffer, row, &widths);
        let why = route.posture.authentication.why.as_deref();
        if let Some(why) = why.filter(|_| style.verbose) {
            let why = visible(&redactor.message(why));
            let _ = writeln!(buffer, "    line {}: {why}", route.registration.line);
        }
    }
    if !rows.is_empty() {
        let _ = writeln!(buffer);
    }
    let _ = writeln!(buffer, "{}", summary(routes));
    buffer.into_inner()
}

fn cells(route: &RouteReport, redactor: &Redactor<'_>) -> [String; 7] {
    let posture = &route.posture;
    let effects: Vec<&str> = posture.effects.iter().map(Name::as_str).collect();
    let effects = if effects.is_empty() {
        "-".to_owned()
    } else {
        effects.join(" ")
    };
    [
        route.method.as_str(),
        &route.path,
        &posture.authentication.status,
        &posture.authorization.status,
        &posture.validation.status,
        &posture.rate_limit.status,
        &effects,
    ]
    .map(|cell| clipped(&visible(&redactor.message(cell)), WIDEST).into_owned())
}

fn write_row(buffer: &mut Buffer, row: &[String; 7], widths: &[usize; 7]) {
    let _ = write!(buffer, "  ");
    for (index, (cell, width)) in row.iter().zip(widths).enumerate() {
        let color = if (2..6).contains(&index) {
            color(cell, index)
        } else {
            None
        };
        // The last column has no end to align.
        let padding = if index < 6 {
            (width + 2).saturating_sub(cell.chars().count())
        } else {
            0
        };
        paint(buffer, color, index == 0, cell);
        let _ = write!(buffer, "{:padding$}", "");
    }
    let _ = writeln!(buffer);
}

/// Green is proven, red is proven missing, yellow is in between. Missing rights and limits are no fault by themselves.
fn color(status: &str, column: usize) -> Option<Color> {
    match status {
        "required" | "yes" => Some(Color::Green),
        "none" => Some(Color::Red),
        "no" if column == 4 => Some(Color::Red),
        "optional" | "partial" | "unknown" => Some(Color::Yellow),
        _ => None,
    }
}

pub(super) fn paint(buffer: &mut Buffer, color: Option<Color>, bold: bool, text: &str) {
    let mut spec = ColorSpec::new();
    spec.set_fg(color).set_bold(bold);
    if !spec.is_none() {
        let _ = buffer.set_color(&spec);
    }
    let _ = write!(buffer, "{text}");
    if !spec.is_none() {
        let _ = buffer.reset();
    }
}

fn summary(routes: &[RouteReport]) -> String {
    if routes.is_empty() {
        return "No endpoints.".to_owned();
    }
    let parts: Vec<String> = ["required", "optional", "none", "unknown"]
        .into_iter()
        .map(|status| {
            let count = routes
                .iter()
                .filter(|route| route.posture.authentication.status == status);
            (count.count(), status)
        })
        .filter(|(count, _)| *count > 0)
        .map(|(count, status)| format!("{count} {status}"))
        .collect();
    format!(
        "{}; authentication: {}",
        plural(routes.len(), "endpoint"),
        parts.join(", ")
    )
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::report) fn routes() -> Vec<RouteReport> {
        let route =
            |method: &str, path: &str, file: &str, auth: &str, effects: &[&str]| RouteReport {
                method: Name::from(method),
                path: path.to_owned(),
                framework: Name::from("express"),
                protocol: Name::from("http"),
                file: Name::from(file),
                line: 12,
                registration: Line {
                    file: Name::from(file),
                    line: 10,
                },
                handler: Some("create".to_owned()),
                posture: Posture {
                    authentication: Authentication {
                        status: Name::from(auth),
                        kinds: vec![Name::from("auth")],
                        by: (auth == "required").then(|| "requireUser".to_owned()),
                        at: (auth == "required").then(|| Line {
                            file: Name::from("src/auth.ts"),
                            line: 3,
                        }),
                        why: (auth == "unknown")
                            .then(|| "`guard` could not be followed".to_owned()),
                    },
                    authorization: Authorization {
                        status: Name::from("unknown"),
                        kinds: Vec::new(),
                        by: None,
                        at: None,
                    },
                    validation: Validation {
                        status: Name::from("no-input"),
                        by: None,
                    },
                    rate_limit: RateLimit {
                        status: Name::from("no"),
                        by: None,
                    },
                    effects: effects.iter().map(|effect| Name::from(*effect)).collect(),
                },
            };
        vec![
            route("GET", "/users", "src/users.ts", "required", &["db-read"]),
            route(
                "POST",
                "/users/:id\u{1b}[2J",
                "src/users.ts",
                "none",
                &["db-write", "mail-send"],
            ),
            route("ACTION", "save", "::error::a.ts", "unknown", &[]),
        ]
    }
}
