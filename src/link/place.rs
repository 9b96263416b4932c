//! stub
use crate::{model::Place, source::FileId};
/// stub
#[derive(Default)]
pub struct Places(pub Vec<Place>);
impl Places {
    /// s
    pub fn new(p: &crate::link::Program, _prod: bool) -> Self {
        Places(
            p.project
                .sources
                .files
                .iter()
                .map(|f| {
                    if f.path.contains("test") || f.path.contains("spec") {
                        Place::Test
                    } else if f.path.contains("scripts/") {
                        Place::Script
                    } else if f.path.contains(".config.") {
                        Place::Config
                    } else {
                        Place::Production
                    }
                })
                .collect(),
        )
    }
    /// s
    pub fn place(&self, f: FileId) -> Place {
        self.0[f.index()]
    }
    /// s
    pub fn is_server(&self, f: FileId) -> bool {
        self.0[f.index()] == Place::Production
    }
}
