//! `Cargo.toml`: what a Rust package says of itself.
//!
//! What belongs here: reading the manifest leniently, workspace inheritance included. What may not enter: what a
//! dependency means.

use super::paths;
use crate::model::Name;
use std::collections::BTreeMap;
use toml::{Table, Value};

/// A Rust package of the project.
#[derive(Debug, Clone, Default)]
pub struct Crate {
    /// Its folder, "" for the root.
    pub dir: String,
    /// Package name.
    pub name: Name,
    /// Name of the library as code writes it.
    pub lib_name: Name,
    /// Root file of the library, if it is there.
    pub lib: Option<String>,
    /// Root files of programs, by name.
    pub bins: Vec<(Name, String)>,
    /// Root files of tests, benches and examples.
    pub others: Vec<String>,
    /// What it depends on, by the name that code writes.
    pub dependencies: BTreeMap<Name, CrateDependency>,
    /// The edition; 2015 if it is not written.
    pub edition: Name,
}

/// A dependency of a Rust package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrateDependency {
    /// The package it stands for, also if it is renamed.
    pub package: Name,
    /// Its folder, if it is a package of the project.
    pub dir: Option<String>,
    /// Needed only by tests, benches and examples.
    pub dev: bool,
}

impl Crate {
    /// Whether the manifest names the package as a dependency.
    #[must_use]
    pub fn depends_on(&self, package: &str) -> bool {
        self.dependencies.values().any(|dep| dep.package == package)
    }
}

/// A manifest before the workspace it belongs to is known.
pub(super) struct Manifest {
    dir: String,
    table: Table,
}

impl Manifest {
    pub(super) fn read(dir: &str, text: &str) -> Result<Self, toml::de::Error> {
        let table = text.trim_start_matches('\u{feff}').parse()?;
        let dir = dir.to_owned();
        Ok(Self { dir, table })
    }
}

/// The packages among the manifests; `files` are all source paths, sorted.
pub(super) fn crates(manifests: &[Manifest], files: &[&str]) -> Vec<Crate> {
    manifests
        .iter()
        .filter_map(|manifest| {
            let package = manifest.table.get("package")?.as_table()?;
            let workspace = manifests
                .iter()
                .filter(|other| paths::inside(&manifest.dir, &other.dir).is_some())
                .filter(|other| other.table.contains_key("workspace"))
                .max_by_key(|other| other.dir.len());
            Some(
                Reader {
                    manifest,
                    package,
                    workspace,
                    files,
                }
                .read(),
            )
        })
        .collect()
}

struct Reader<'m> {
    manifest: &'m Manifest,
    package: &'m Table,
    workspace: Option<&'m Manifest>,
    files: &'m [&'m str],
}

impl Reader<'_> {
    fn read(&self) -> Crate {
        let name = text(self.package, "name").unwrap_or("");
        let lib = self.table("lib");
        let lib_name = lib
            .and_then(|lib| text(lib, "name"))
            .map_or_else(|| name.replace('-', "_"), str::to_owned);
        let edition = match self.package.get("edition") {
            Some(Value::String(edition)) => edition.as_str(),
            Some(_) => self
                .inherited("package")
                .and_then(|package| text(package, "edition"))
                .unwrap_or("2021"),
            None => "2015",
        };
        Crate {
            dir: self.manifest.dir.clone(),
            name: Name::new(name),
            lib_name: Name::new(lib_name),
            lib: self.existing(
                lib.and_then(|lib| text(lib, "path"))
                    .unwrap_or("src/lib.rs"),
            ),
            bins: self.bins(name),
            others: ["tests", "benches", "examples"]
                .iter()
                .flat_map(|dir| self.roots_in(dir))
                .map(|(_, path)| path)
                .chain(
                    self.listed(&["test", "bench", "example"])
                        .into_iter()
                        .map(|(_, path)| path),
                )
                .collect(),
            dependencies: self.dependencies(),
            edition: Name::new(edition),
        }
    }

    fn table(&self, key: &str) -> Option<&Table> {
        self.manifest.table.get(key)?.as_table()
    }

    fn inherited(&self, key: &str) -> Option<&Table> {
        let workspace = self.workspace?.table.get("workspace")?;
        workspace.get(key)?.as_table()
    }

    /// The root-relative path of a file of the package, if it is among the sources.
    fn existing(&self, path: &str) -> Option<String> {
        let path = paths::join(&self.manifest.dir, path)?;
        self.files.binary_search(&path.as_str()).ok().map(|_| path)
    }

    fn bins(&self, name: &str) -> Vec<(Name, String)> {
        let main = self
            .existing("src/main.rs")
            .map(|path| (Name::new(name), path));
        let mut bins: Vec<_> = main
            .into_iter()
            .chain(self.roots_in("src/bin"))
            .chain(self.listed(&["bin"]))
            .collect();
        bins.sort_by(|a, b| a.1.cmp(&b.1));
        bins.dedup_by(|a, b| a.1 == b.1);
        bins
    }

    /// What cargo finds by itself in a folder: `x.rs` and `x/main.rs`.
    fn roots_in(&self, folder: &str) -> Vec<(Name, String)> {
        let Some(dir) = paths::join(&self.manifest.dir, folder) else {
            return Vec::new();
        };
        let prefix = format!("{dir}/");
        let start = self.files.partition_point(|file| *file < prefix.as_str());
        self.files[start..]
            .iter()
            .map_while(|file| Some((file, file.strip_prefix(&prefix)?)))
            .filter_map(|(file, rest)| {
                let name = match rest.split_once('/') {
                    None => rest.strip_suffix(".rs")?,
                    Some((name, "main.rs")) => name,
                    Some(_) => return None,
                };
                Some((Name::new(name), (*file).to_owned()))
            })
            .collect()
    }

    /// Targets that the manifest lists with a path.
    fn listed(&self, keys: &[&str]) -> Vec<(Name, String)> {
        keys.iter()
            .filter_map(|key| self.manifest.table.get(*key)?.as_array())
            .flatten()
            .filter_map(|target| {
                let target = target.as_table()?;
                let path = self.existing(text(target, "path")?)?;
                Some((Name::new(text(target, "name").unwrap_or("")), path))
            })
            .collect()
    }

    fn dependencies(&self) -> BTreeMap<Name, CrateDependency> {
        let mut all = BTreeMap::new();
        let targets = self.table("target").into_iter().flat_map(Table::values);
        let tables =
            std::iter::once(&self.manifest.table).chain(targets.filter_map(Value::as_table));
        for table in tables {
            for (key, dev) in [
                ("dependencies", false),
                ("build-dependencies", false),
                ("dev-dependencies", true),
            ] {
                for (name, value) in table
                    .get(key)
                    .and_then(Value::as_table)
                    .into_iter()
                    .flatten()
                {
                    all.entry(Name::new(name.replace('-', "_")))
                        .or_insert_with(|| self.dependency(name, value, dev));
                }
            }
        }
        all
    }

    fn dependency(&self, name: &str, value: &Value, dev: bool) -> CrateDependency {
        let own = value.as_table();
        let inherits = own.and_then(|own| own.get("workspace")?.as_bool()) == Some(true);
        let (table, base) = if inherits {
            let table = self
                .inherited("dependencies")
                .and_then(|all| all.get(name)?.as_table());
            (table, self.workspace.map_or("", |workspace| &workspace.dir))
        } else {
            (own, self.manifest.dir.as_str())
        };
        let package = table
            .and_then(|table| text(table, "package"))
            .unwrap_or(name);
        let dir = table
            .and_then(|table| text(table, "path"))
            .and_then(|path| paths::join(base, path));
        CrateDependency {
            package: Name::new(package),
            dir,
            dev,
        }
    }
}

fn text<'t>(table: &'t Table, key: &str) -> Option<&'t str> {
    table.get(key)?.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_renames_and_inheritance() {
        let root = "[workspace]\nmembers = [\"a\"]\n[workspace.package]\nedition = \"2024\"\n\
            [workspace.dependencies]\nshared = { path = \"libs/shared\" }\nsqlx = \"0.8\"\n";
        let member = "[package]\nname = \"my-app\"\nedition.workspace = true\n\
            [dependencies]\nshared.workspace = true\nsqlx = { workspace = true }\n\
            db = { package = \"my-db\", path = \"../db\" }\n\
            [dev-dependencies]\nhttp-test = \"1\"\n[target.'cfg(unix)'.dependencies]\nlibc = \"0.2\"\n";
        let manifests: Vec<_> = [("", root), ("a", member)]
            .iter()
            .filter_map(|(dir, text)| Manifest::read(dir, text).ok())
            .collect();
        let files = [
            "a/src/bin/tool.rs",
            "a/src/lib.rs",
            "a/src/main.rs",
            "a/tests/api/main.rs",
            "a/tests/api/util.rs",
        ];
        let crates = crates(&manifests, &files);
        assert_eq!(crates.len(), 1);
        let app = &crates[0];
        assert_eq!(
            (app.lib_name.as_str(), app.edition.as_str()),
            ("my_app", "2024")
        );
        assert_eq!(app.lib.as_deref(), Some("a/src/lib.rs"));
        assert_eq!(app.bins.len(), 2);
        assert_eq!(app.others, ["a/tests/api/main.rs"]);
        assert_eq!(
            app.dependencies["shared"].dir.as_deref(),
            Some("libs/shared")
        );
        assert_eq!(app.dependencies["db"].package, "my-db");
        assert_eq!(app.dependencies["db"].dir.as_deref(), Some("db"));
        assert!(app.dependencies["http_test"].dev && !app.dependencies["libc"].dev);
        assert!(app.depends_on("sqlx"));
    }
}
