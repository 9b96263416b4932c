//! Reads vocabulary files into tables.

use super::check::Checks;
use super::file::File;
use super::table::{Row, Table};
use super::{Framework, Vocabulary};
use crate::model::Name;
use crate::source::{Problem, Problems};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use toml::Spanned;

/// Reads files (path, text).
pub(super) fn load(files: &[(&str, &str)]) -> Result<Vocabulary, Problems> {
    let parsed: Vec<Result<File, Problem>> = files
        .par_iter()
        .map(|(path, text)| parse(path, text))
        .collect();
    let mut loader = Loader::default();
    for ((path, text), file) in files.iter().zip(parsed) {
        match file {
            Ok(file) => loader.add(path, text, file),
            Err(problem) => loader.checks.problems.push(problem),
        }
    }
    loader.finish()
}

fn parse(path: &str, text: &str) -> Result<File, Problem> {
    toml::from_str(text).map_err(|error| {
        let range = error.span().unwrap_or(0..0);
        Problem::new(path, text, range, error.message().trim_end())
    })
}

#[derive(Default)]
struct Loader<'a> {
    vocabulary: Vocabulary,
    checks: Checks<'a>,
}

impl<'a> Loader<'a> {
    fn add(&mut self, path: &'a str, text: &'a str, file: File) {
        let stem = path.rsplit('/').next().unwrap_or(path);
        let stem = stem.strip_suffix(".toml").unwrap_or(stem);
        let name = file.framework.unwrap_or_else(|| stem.into());
        self.checks.enter(path, text);

        let Self { vocabulary, checks } = self;
        let mut fill = Filler {
            checks,
            framework: &name,
        };
        fill.table(&mut vocabulary.types, file.types);
        fill.table(&mut vocabulary.signatures, file.signatures);
        fill.table(&mut vocabulary.routes, file.routes);
        fill.table(&mut vocabulary.mounts, file.mounts);
        fill.table(&mut vocabulary.conventions, file.conventions);
        fill.table(&mut vocabulary.sources, file.sources);
        fill.table(&mut vocabulary.guards, file.guards);
        fill.table(&mut vocabulary.validators, file.validators);
        fill.table(&mut vocabulary.effects, file.effects);
        fill.table(&mut vocabulary.operators, file.operators);
        fill.table(&mut vocabulary.steps, file.steps);
        fill.table(&mut vocabulary.leaves, file.leaves);
        fill.table(&mut vocabulary.responds, file.responds);
        fill.table(&mut vocabulary.logs, file.logs);
        fill.table(&mut vocabulary.sinks, file.sinks);
        fill.table(&mut vocabulary.barriers, file.barriers);
        fill.table(&mut vocabulary.secrets, file.secrets);
        fill.table(&mut vocabulary.places, file.places);
        for row in file.names {
            let row = row.into_inner();
            vocabulary.names.add(&row.kind, &row.words);
        }

        vocabulary.frameworks.push(Framework {
            title: file.title.unwrap_or_else(|| name.clone()),
            name,
            languages: file.languages,
            server: file.server.unwrap_or(true),
            packages: file.packages,
        });
    }

    fn finish(self) -> Result<Vocabulary, Problems> {
        let Self {
            mut vocabulary,
            checks,
        } = self;
        let problems = checks.finish(&vocabulary);
        if !problems.is_empty() {
            return Err(Problems { problems });
        }
        let mut children: FxHashMap<Name, Vec<Name>> = FxHashMap::default();
        for (parent, child) in descents(&vocabulary) {
            let ancestors = vocabulary.ancestors.entry(child.clone()).or_default();
            ancestors.push(parent.clone());
            children.entry(parent).or_default().push(child);
        }
        inherit(&mut vocabulary, &children);
        Ok(vocabulary)
    }
}

/// Puts the rows of one file into the tables.
struct Filler<'c, 'a> {
    checks: &'c mut Checks<'a>,
    framework: &'c Name,
}

impl Filler<'_, '_> {
    fn table<R: Row>(&mut self, table: &mut Table<R>, rows: Vec<Spanned<R>>) {
        for row in rows {
            let span = row.span();
            let row = row.into_inner();
            self.checks.row(table, &row, span);
            table.push(row, self.framework.clone());
        }
    }
}

/// Every (ancestor, descendant) among the types; a circle ends where it closes.
fn descents(vocabulary: &Vocabulary) -> Vec<(Name, Name)> {
    let mut parents: FxHashMap<&Name, Vec<&Name>> = FxHashMap::default();
    for row in vocabulary.types.iter() {
        parents.entry(&row.name).or_default().extend(&row.extends);
    }
    let mut children: Vec<&Name> = parents.keys().copied().collect();
    children.sort();
    let mut found = Vec::new();
    for child in children {
        let mut seen = FxHashSet::from_iter([child]);
        let mut open = vec![child];
        while let Some(next) = open.pop() {
            for parent in parents.get(next).into_iter().flatten() {
                if seen.insert(parent) {
                    found.push(((*parent).clone(), child.clone()));
                    open.push(parent);
                }
            }
        }
    }
    found
}

/// Every row holds for the types that extend the one it is written for.
fn inherit(vocabulary: &mut Vocabulary, children: &FxHashMap<Name, Vec<Name>>) {
    // Calling the parent itself makes the parent, whoever extends it.
    vocabulary.types.inherit(children, false);
    vocabulary.routes.inherit(children, true);
    vocabulary.mounts.inherit(children, true);
    vocabulary.sources.inherit(children, true);
    vocabulary.guards.inherit(children, true);
    vocabulary.validators.inherit(children, true);
    vocabulary.effects.inherit(children, true);
    vocabulary.operators.inherit(children, true);
    vocabulary.steps.inherit(children, true);
    vocabulary.leaves.inherit(children, true);
    vocabulary.responds.inherit(children, true);
    vocabulary.logs.inherit(children, true);
    vocabulary.sinks.inherit(children, true);
    vocabulary.barriers.inherit(children, true);
}
