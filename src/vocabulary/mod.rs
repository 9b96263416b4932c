//! What libraries mean: loads `rules/vocabulary/*.toml` and answers what a path is.
//!
//! What belongs here: the file format, its loader, paths, positions and look-ups. What may not enter: rules, and any
//! name of a library (those live in the files).

mod braces;
mod check;
mod effect;
mod file;
mod load;
mod names;
mod operator;
pub mod path;
mod places;
pub mod position;
mod row;
mod rows;
mod table;
#[cfg(test)]
mod tests;
mod when;
mod words;

pub use check::Citation;
pub use effect::EffectRow;
pub use names::{Names, split_words};
pub use operator::{Operator, OperatorRow};
pub use places::PlaceRow;
pub use rows::*;
pub use table::{Match, Row, Table};
pub use words::{NameRow, SecretRow};

use crate::embedded;
use crate::model::{Language, Name};
use crate::source::Problems;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;

/// Everything that the vocabulary files say.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// The files' headers.
    pub frameworks: Vec<Framework>,
    /// Types by the calls that make them (`find`) and by their own name (`by_name`).
    pub types: Table<TypeRow>,
    /// Signatures, by name.
    pub signatures: Table<SignatureRow>,
    /// Calls that register endpoints.
    pub routes: Table<RouteRow>,
    /// Calls that mount routers and links.
    pub mounts: Table<MountRow>,
    /// Files, directives, attributes and decorators that declare endpoints and links; by path only the last two.
    pub conventions: Table<ConventionRow>,
    /// Where data enters.
    pub sources: Table<SourceRow>,
    /// What proves something about who is calling.
    pub guards: Table<GuardRow>,
    /// Checks of data.
    pub validators: Table<ValidatorRow>,
    /// What calls do to the world.
    pub effects: Table<EffectRow>,
    /// What words and calls of filters let through.
    pub operators: Table<OperatorRow>,
    /// How data passes through calls.
    pub steps: Table<StepRow>,
    /// Calls that never return.
    pub leaves: Table<LeaveRow>,
    /// Calls that answer the request.
    pub responds: Table<RespondRow>,
    /// Calls that write a log line.
    pub logs: Table<LogRow>,
    /// Where data does harm.
    pub sinks: Table<SinkRow>,
    /// What makes data harmless.
    pub barriers: Table<BarrierRow>,
    /// Credentials that are known by their shape, by id.
    pub secrets: Table<SecretRow>,
    /// Names of files and folders, and imports, that say what a file is for; by path only the imports.
    pub places: Table<PlaceRow>,
    /// Words in identifiers.
    pub names: Names,
    ancestors: FxHashMap<Name, Vec<Name>>,
}

/// What a vocabulary file says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Framework {
    /// Its id: the `framework` key, else the file's stem.
    pub name: Name,
    /// What people call it.
    pub title: Name,
    /// The languages it is used from; empty for all.
    pub languages: Vec<Language>,
    /// Packages and crates that are the framework.
    pub packages: Vec<Name>,
    /// Whether depending on one of them makes a package server code.
    pub server: bool,
}

impl Vocabulary {
    /// What backlint itself knows; read once.
    ///
    /// # Errors
    /// If an embedded file is broken, which the tests rule out.
    pub fn builtin() -> Result<&'static Self, &'static Problems> {
        static BUILTIN: OnceLock<Result<Vocabulary, Problems>> = OnceLock::new();
        BUILTIN
            .get_or_init(|| Self::load(embedded::VOCABULARY_FILES))
            .as_ref()
    }

    /// What backlint itself knows together with files (path, text) of the user.
    ///
    /// # Errors
    /// If a file is broken or contradicts another one.
    pub fn with_own(files: &[(&str, &str)]) -> Result<Self, Problems> {
        let all: Vec<(&str, &str)> = embedded::VOCABULARY_FILES
            .iter()
            .chain(files)
            .copied()
            .collect();
        Self::load(&all)
    }

    /// Reads files (path, text).
    ///
    /// # Errors
    /// If a file is broken or contradicts another one; every problem is named.
    pub fn load(files: &[(&str, &str)]) -> Result<Self, Problems> {
        load::load(files)
    }

    /// The rows of a type, then those of the types that it extends: whether it is a router, is fluent, and so on.
    pub fn lineage(&self, name: &str) -> impl Iterator<Item = &TypeRow> {
        let ancestors = self.ancestors.get(name).into_iter().flatten();
        let own = self.types.by_name(name);
        own.chain(ancestors.flat_map(|ancestor| self.types.by_name(ancestor)))
            .map(|(row, _)| row)
    }

    /// The framework of this id.
    #[must_use]
    pub fn framework(&self, id: &str) -> Option<&Framework> {
        self.frameworks
            .iter()
            .find(|framework| framework.name == id)
    }

    /// Packages and crates of which a dependency makes a package server code.
    pub fn server_packages(&self) -> impl Iterator<Item = &Name> {
        self.frameworks
            .iter()
            .filter(|framework| framework.server)
            .flat_map(|framework| &framework.packages)
    }
}
