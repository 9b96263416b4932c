//! Calls that take data without doing anything with it: a key of a query, the text under a signature.

use crate::link::Program;
use crate::link::node::CallAt;

/// Kind of effects that read rows.
const READ: &str = "db-read";
/// Kind of sources that are keyed hashes.
const MAC: &str = "mac";

impl Program<'_> {
    /// Whether the statement that a call runs or is a part of reads, if it is written in SQL: what is bound to another one may
    /// be stored.
    pub(super) fn only_reads(&self, at: CallAt) -> bool {
        let mut calls = vec![at];
        calls.extend(self.chain(at));
        let statement = calls.into_iter().find_map(|call| {
            let (effect, matched) = self.read_effect(call)?;
            matched.row.sql.is_some().then_some(effect.kind == READ)
        });
        statement.unwrap_or(true)
    }

    /// Whether a call feeds a keyed hash, or makes one.
    pub(super) fn feeds_mac(&self, at: CallAt) -> bool {
        let is_mac = |path: &str| {
            let mut sources = self.vocabulary.sources.find(path);
            sources.any(|source| source.row.kind == MAC)
        };
        if self.callee_path(at).is_some_and(|path| is_mac(&path)) {
            return true;
        }
        let path = self.callee_path(at).unwrap_or_default();
        let Some((ty, _)) = path.rsplit_once('.') else {
            return false;
        };
        if self.vocabulary.lineage(ty).next().is_none() {
            return false;
        }
        let prefix = format!("{ty}.");
        let macs = self.vocabulary.sources.iter().filter(|row| row.kind == MAC);
        macs.flat_map(|row| row.path.expanded())
            .any(|path| path.starts_with(&prefix))
    }
}
