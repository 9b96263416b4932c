//! The place that a file has by itself: by its settings, its name, what it takes from packages, and where its package lies.

use super::Graph;
use super::name::place_of;
use crate::link::symbol::Symbol;
use crate::model::{ImportId, Module, Name, Place, ValueId, ValueKind};
use rustc_hash::FxHashSet;

impl Graph<'_> {
    pub(super) fn own_place(&self, index: usize) -> Option<Place> {
        let source = self.facts.project.sources.files.get(index)?;
        let settled = self
            .facts
            .forced
            .or_else(|| self.facts.project.settings.place(&source.path));
        settled.or_else(|| {
            let module = self.modules[index]?;
            let (inside, vocabulary) = (self.inside(index), self.facts.vocabulary);
            let place = place_of(
                inside,
                module,
                &source.text,
                vocabulary,
                &self.taken(module),
            );
            let says = module.directives.iter().any(|d| d == "use client");
            // What answers requests runs on a server, whatever else it imports.
            let place = place.filter(|place| {
                *place != Place::Client || says || !self.entries.contains(&module.file)
            });
            place.or_else(|| self.place_around(module))
        })
    }

    /// The place that the folders around a package give to its files.
    fn place_around(&self, module: &Module) -> Option<Place> {
        let dir = self.folder(module.file);
        if dir.is_empty() || self.serving.contains(dir) {
            return None;
        }
        let rows = self.facts.vocabulary.places.iter();
        let mut rows = rows.filter(|row| row.speaks_of(module.language));
        let fits = |name: &Name| dir.split('/').any(|folder| name == folder);
        { rows.find(|row| row.around.iter().any(fits)) }.map(|row| row.place)
    }

    /// The paths of what a file takes from packages.
    fn taken(&self, module: &Module) -> Vec<Name> {
        let symbols = self.facts.symbols;
        let mut taken = Vec::new();
        let mut whole = FxHashSet::default();
        for index in 0..module.imports.len() {
            let import = ImportId::at(index);
            if let Symbol::External(path) = symbols.import(module.file, import) {
                whole.insert(import);
                taken.push(path);
            }
        }
        for (index, value) in module.values.iter().enumerate() {
            let ValueKind::Member { base, .. } = &value.kind else {
                continue;
            };
            let is_import =
                matches!(module.kind(*base), ValueKind::Import(import) if whole.contains(import));
            if is_import
                && let Symbol::External(path) = symbols.value(module.file, ValueId::at(index))
            {
                taken.push(path);
            }
        }
        taken
    }
}
