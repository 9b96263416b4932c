//! The names that vocabulary files give and rules ask for, from `rules/kinds.toml`.
//!
//! What belongs here: which names there are, and reading them so that an unknown one is an error. What may not enter: what
//! a vocabulary or a rule says with them; neither sees the other, this room is all that they share.

use crate::embedded;
use crate::model::Name;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Tables of names, each with what it means.
type Tables = BTreeMap<Name, BTreeMap<Name, Name>>;

fn tables() -> &'static Tables {
    static TABLES: OnceLock<Tables> = OnceLock::new();
    // The tests rule out that the embedded file is broken; if it were, every name would be unknown.
    TABLES.get_or_init(|| toml::from_str(embedded::KINDS).unwrap_or_default())
}

/// The names of a table (`effect`, `guard`, ...), each with what it means.
pub fn all(table: &str) -> impl Iterator<Item = (&'static Name, &'static Name)> {
    tables().get(table).into_iter().flatten()
}

/// Reads a name of a table.
///
/// # Errors
/// If there is no such name; the message lists those that there are.
pub fn check(table: &str, name: Name) -> Result<Name, String> {
    if all(table).any(|(known, _)| *known == name) {
        return Ok(name);
    }
    let known: Vec<&str> = all(table).map(|(known, _)| known.as_str()).collect();
    Err(format!(
        "unknown {table} kind `{name}`, expected one of {}",
        known.join(", ")
    ))
}

/// Functions for serde's `deserialize_with`, a module for each table.
macro_rules! readers {
    ($($module:ident $table:literal),+ $(,)?) => {$(
        pub(crate) mod $module {
            use crate::model::Name;
            use serde::{Deserialize, Deserializer};

            #[derive(Deserialize)]
            #[serde(try_from = "Name")]
            struct Known(Name);

            impl TryFrom<Name> for Known {
                type Error = String;

                fn try_from(name: Name) -> Result<Self, String> {
                    super::check($table, name).map(Self)
                }
            }

            /// Reads one name.
            #[allow(dead_code, reason = "some tables are only read as lists, or only one by one")]
            pub(crate) fn one<'de, D: Deserializer<'de>>(from: D) -> Result<Name, D::Error> {
                Known::deserialize(from).map(|known| known.0)
            }

            /// Reads a list of names.
            #[allow(dead_code, reason = "some tables are only read as lists, or only one by one")]
            pub(crate) fn list<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Name>, D::Error> {
                let known = Vec::<Known>::deserialize(from)?;
                Ok(known.into_iter().map(|known| known.0).collect())
            }
        }
    )+};
}

readers! {
    barrier "barrier",
    effect "effect",
    guard "guard",
    log "log",
    name "name",
    sink "sink",
    source "source",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_is_sound() {
        assert!(toml::from_str::<Tables>(embedded::KINDS).is_ok());
        for table in [
            "barrier", "effect", "guard", "log", "name", "sink", "source",
        ] {
            assert!(all(table).count() > 0, "{table}");
        }
    }

    #[test]
    fn unknown_names_are_answered_with_the_known_ones() {
        assert_eq!(check("guard", "auth".into()), Ok("auth".into()));
        let message = check("log", "consol".into()).err().unwrap_or_default();
        assert_eq!(
            message,
            "unknown log kind `consol`, expected one of console, console-error, structured"
        );
    }
}
