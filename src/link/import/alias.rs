//! The aliases of a TypeScript configuration, prepared for look-up.

use crate::project::{PathMapping, TsConfig};
use rustc_hash::FxHashMap;

/// `paths` and `baseUrl` of one configuration.
#[derive(Debug)]
pub(super) struct Aliases<'p> {
    pub(super) base_url: Option<&'p str>,
    exact: FxHashMap<&'p str, &'p PathMapping>,
    /// Patterns with a `*`, the longest prefix first.
    patterns: Vec<&'p PathMapping>,
}

/// An alias that holds for a specifier, and what its `*` stands for there.
pub(super) struct Alias<'p, 's> {
    mapping: &'p PathMapping,
    star: &'s str,
}

impl<'p> Aliases<'p> {
    pub(super) fn new(config: &'p TsConfig) -> Self {
        let (mut patterns, exact): (Vec<_>, Vec<_>) = config
            .paths
            .iter()
            .partition(|mapping| mapping.pattern.contains('*'));
        patterns.sort_by_key(|mapping| std::cmp::Reverse(mapping.pattern.find('*')));
        Self {
            base_url: config.base_url.as_deref(),
            exact: exact.into_iter().map(|m| (m.pattern.as_str(), m)).collect(),
            patterns,
        }
    }

    pub(super) fn find<'s>(&self, specifier: &'s str) -> Option<Alias<'p, 's>> {
        if let Some(mapping) = self.exact.get(specifier) {
            return Some(Alias { mapping, star: "" });
        }
        self.patterns.iter().find_map(|mapping| {
            let star = star_of(&mapping.pattern, specifier)?;
            Some(Alias { mapping, star })
        })
    }
}

impl Alias<'_, '_> {
    /// The paths that it stands for, in order of preference.
    pub(super) fn targets(&self) -> impl Iterator<Item = String> {
        let targets = self.mapping.targets.iter();
        targets.map(|target| target.replacen('*', self.star, 1))
    }

    /// Whether nothing but a file of the project can be meant.
    pub(super) fn claims(&self) -> bool {
        let mut targets = self.mapping.targets.iter();
        !self.mapping.pattern.starts_with('*') && !targets.any(|t| t.contains("node_modules"))
    }
}

/// What the `*` of a pattern stands for; "" where the pattern has none and is the specifier.
pub(super) fn star_of<'s>(pattern: &str, specifier: &'s str) -> Option<&'s str> {
    match pattern.split_once('*') {
        None => (pattern == specifier).then_some(""),
        Some((prefix, suffix)) => specifier.strip_prefix(prefix)?.strip_suffix(suffix),
    }
}
