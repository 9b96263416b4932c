//! `package.json`: what a JavaScript package says of itself.
//!
//! What belongs here: reading the manifest leniently; a field of the wrong type is as good as absent. What may not
//! enter: what a dependency means.

use crate::model::Name;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A package of the project.
#[derive(Debug, Clone, Default)]
pub struct Package {
    /// Its folder, "" for the root.
    pub dir: String,
    /// Its name.
    pub name: Option<Name>,
    /// What it depends on.
    pub dependencies: BTreeMap<Name, Dependency>,
    /// Entry for `require`.
    pub main: Option<String>,
    /// Entry for bundlers.
    pub module: Option<String>,
    /// Type declarations.
    pub types: Option<String>,
    /// `exports` as written; null if absent.
    pub exports: Value,
    /// `imports` as written; null if absent.
    pub imports: Value,
    /// Files that it installs as programs.
    pub bin: Vec<String>,
    /// Scripts by name.
    pub scripts: BTreeMap<Name, String>,
    /// Globs of the packages that belong to its workspace, `pnpm-workspace.yaml` and `lerna.json` included.
    pub workspaces: Vec<String>,
    /// `"type": "module"`.
    pub is_module: bool,
}

/// A dependency of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The version as written.
    pub version: Name,
    /// Why it is needed.
    pub kind: DependencyKind,
}

/// Why a dependency is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DependencyKind {
    /// To run.
    Normal,
    /// To develop, test or build.
    Dev,
    /// Brought by whoever uses the package.
    Peer,
    /// To run, where it can be installed.
    Optional,
}

impl Package {
    /// Reads a manifest.
    pub(super) fn read(dir: &str, text: &str) -> Result<Self, serde_json::Error> {
        let json: Value = serde_json::from_str(text.trim_start_matches('\u{feff}'))?;
        let string = |key: &str| json.get(key).and_then(Value::as_str);
        let owned = |key: &str| string(key).map(str::to_owned);
        Ok(Self {
            dir: dir.to_owned(),
            name: string("name")
                .filter(|name| !name.is_empty())
                .map(Name::new),
            dependencies: dependencies(&json),
            main: owned("main"),
            module: owned("module"),
            types: owned("types").or_else(|| owned("typings")),
            exports: json.get("exports").cloned().unwrap_or(Value::Null),
            imports: json.get("imports").cloned().unwrap_or(Value::Null),
            bin: match json.get("bin") {
                Some(Value::String(path)) => vec![path.clone()],
                bin => strings(bin.and_then(Value::as_object))
                    .map(|(_, p)| p.to_owned())
                    .collect(),
            },
            scripts: strings(json.get("scripts").and_then(Value::as_object))
                .map(|(name, command)| (Name::new(name), command.to_owned()))
                .collect(),
            workspaces: members(&json),
            is_module: string("type") == Some("module"),
        })
    }

    /// Whether the manifest names the dependency, for whatever reason.
    #[must_use]
    pub fn depends_on(&self, name: &str) -> bool {
        self.dependencies.contains_key(name)
    }
}

fn dependencies(json: &Value) -> BTreeMap<Name, Dependency> {
    let mut all = BTreeMap::new();
    for (key, kind) in [
        ("dependencies", DependencyKind::Normal),
        ("optionalDependencies", DependencyKind::Optional),
        ("peerDependencies", DependencyKind::Peer),
        ("devDependencies", DependencyKind::Dev),
    ] {
        for (name, version) in strings(json.get(key).and_then(Value::as_object)) {
            all.entry(Name::new(name)).or_insert(Dependency {
                version: Name::new(version),
                kind,
            });
        }
    }
    all
}

fn strings(map: Option<&Map<String, Value>>) -> impl Iterator<Item = (&str, &str)> {
    map.into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
}

/// Workspace globs: `workspaces: [..]`, `workspaces: { packages: [..] }`, lerna's `packages: [..]`.
pub(super) fn members(json: &Value) -> Vec<String> {
    let workspaces = json.get("workspaces");
    [
        workspaces,
        workspaces.and_then(|w| w.get("packages")),
        json.get("packages"),
    ]
    .into_iter()
    .flatten()
    .filter_map(Value::as_array)
    .flatten()
    .filter_map(Value::as_str)
    .map(str::to_owned)
    .collect()
}

/// Workspace globs of `pnpm-workspace.yaml`: the items of its `packages` list, which tools write one a line or in brackets.
pub(super) fn pnpm_members(text: &str) -> Vec<String> {
    let mut members = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        let line = line.split(" #").next().unwrap_or("").trim_end();
        if let Some(rest) = line.strip_prefix("packages:") {
            inside = true;
            let inline = rest.trim().trim_start_matches('[').trim_end_matches(']');
            members.extend(inline.split(',').map(unquote).filter(|m| !m.is_empty()));
        } else if let Some(item) = line.trim_start().strip_prefix('-').filter(|_| inside) {
            members.push(unquote(item));
        } else if !line.trim().is_empty() && !line.starts_with([' ', '#']) {
            inside = false;
        }
    }
    members
}

fn unquote(text: &str) -> String {
    text.trim().trim_matches(['"', '\'']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_the_wrong_type_are_absent() {
        let text = r#"{"name": 1, "bin": {"x": "./x.js", "y": 2}, "dependencies": {"a": "1", "b": {}},
            "devDependencies": {"a": "2", "c": "3"}, "workspaces": {"packages": ["p/*"]}, "exports": "./i.js"}"#;
        let package = Package::read("", text).unwrap_or_default();
        assert_eq!(package.name, None);
        assert_eq!(package.bin, ["./x.js"]);
        assert_eq!(package.dependencies.len(), 2);
        assert_eq!(package.dependencies["a"].kind, DependencyKind::Normal);
        assert_eq!(package.workspaces, ["p/*"]);
        assert_eq!(package.exports, "./i.js");
    }

    #[test]
    fn pnpm_lists_members_in_both_styles() {
        let text = "# x\npackages:\n  - \"apps/*\" # a\n\n  - 'b'\ncatalog:\n  - no\n";
        assert_eq!(pnpm_members(text), ["apps/*", "b"]);
        assert_eq!(pnpm_members("packages: [a/*, \"b\"]"), ["a/*", "b"]);
    }
}
