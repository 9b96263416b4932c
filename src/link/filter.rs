//! What a filter lets through: whether it narrows a query to one row, to a list of keys, to the rows of somebody, or not at all.

use super::Program;
use super::table::{is_unique, same_name};
use crate::model::{Name, Table};
use crate::vocabulary::split_words;

/// A filter as a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// What all of them let through.
    All(Vec<Self>),
    /// What any of them lets through.
    Any(Vec<Self>),
    /// A column is compared.
    Column(Compared),
    /// Rows of another table, to which this column leads, pass a filter.
    Related(Name, Box<Self>),
    /// Any number of rows pass.
    Open,
    /// It cannot be seen.
    Hidden,
}

impl Filter {
    /// The same filter where an alias stands for the table itself.
    #[must_use]
    pub fn of_table(self, alias: Option<&Name>) -> Self {
        let each = |parts: Vec<Self>| parts.into_iter().map(|part| part.of_table(alias)).collect();
        match self {
            Self::All(parts) => Self::All(each(parts)),
            Self::Any(parts) => Self::Any(each(parts)),
            Self::Column(own) => Self::Column(Compared {
                of: own.of.filter(|of| Some(of) != alias),
                ..own
            }),
            other => other,
        }
    }
}

/// A comparison of a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// The column.
    pub column: Name,
    /// Its table, where it is named.
    pub of: Option<Name>,
    /// How.
    pub how: How,
    /// The values that it is compared with are constants: they are the same for every request.
    pub constant: bool,
}

/// How a column is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// With one value.
    Equal,
    /// With each value of a list.
    OneOf,
    /// With the ends of a range.
    Range,
    /// With how the value begins or ends.
    Pattern,
}

/// What is left by a filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Narrowed {
    /// At most as many rows as are written in the filter.
    pub bounded: bool,
    /// At most so many rows for each value of a list, or something that cannot be seen: no telling.
    pub unknown: bool,
    /// Columns by which fewer rows are left.
    pub by: Vec<Name>,
    /// Columns that have one value in all rows that are left.
    fixed: Vec<Name>,
}

impl Program<'_> {
    /// What a filter leaves of a table.
    #[must_use]
    pub fn narrowed(&self, filter: &Filter, table: Option<&Name>) -> Narrowed {
        let known = table.and_then(|name| self.tables.get(name));
        self.narrow(filter, table, known)
    }

    fn narrow(&self, filter: &Filter, table: Option<&Name>, known: Option<&Table>) -> Narrowed {
        let each = |parts: &[Filter]| -> Vec<Narrowed> {
            let narrow = |part| self.narrow(part, table, known);
            parts.iter().map(narrow).collect()
        };
        match filter {
            Filter::All(parts) => all(each(parts), known),
            Filter::Any(parts) => any(each(parts)),
            Filter::Column(compared) => self.column_narrows(compared, table, known),
            Filter::Related(column, inner) => {
                // The keys of the other table say nothing of this one.
                let inner = self.narrow(inner, None, None);
                let fewer = inner.bounded || !inner.by.is_empty();
                Narrowed {
                    unknown: inner.unknown && !fewer,
                    by: fewer.then(|| column.clone()).into_iter().collect(),
                    ..Narrowed::default()
                }
            }
            Filter::Open => Narrowed::default(),
            Filter::Hidden => Narrowed {
                unknown: true,
                ..Narrowed::default()
            },
        }
    }

    fn column_narrows(
        &self,
        own: &Compared,
        table: Option<&Name>,
        known: Option<&Table>,
    ) -> Narrowed {
        let here = match (&own.of, table) {
            (Some(of), Some(table)) => {
                same_name(of, table)
                    || known.is_some_and(|t| {
                        same_name(of, &t.name)
                            || t.stored_as.as_ref().is_some_and(|s| same_name(of, s))
                    })
            }
            _ => true,
        };
        let unique = here && is_unique(known, std::slice::from_ref(&own.column));
        // A constant is the same for every request: whatever it leaves grows with the table. A key of somebody is none of those.
        let narrows = !own.constant || self.leads_elsewhere(&own.column);
        let column = || vec![own.column.clone()];
        match own.how {
            How::Equal => Narrowed {
                bounded: unique,
                by: if narrows { column() } else { Vec::new() },
                fixed: if here { column() } else { Vec::new() },
                ..Narrowed::default()
            },
            How::OneOf => Narrowed {
                bounded: unique && own.constant,
                unknown: narrows && !(unique && own.constant),
                ..Narrowed::default()
            },
            How::Range | How::Pattern => Narrowed {
                // What comes after a key is all that is to come.
                by: if own.constant || unique && own.how == How::Range {
                    Vec::new()
                } else {
                    column()
                },
                ..Narrowed::default()
            },
        }
    }

    /// Whether a column holds the key of an owner, tenant or parent, by its name.
    fn leads_elsewhere(&self, column: &str) -> bool {
        let names = &self.vocabulary.names;
        let words = split_words(column);
        names.matches("owner-column", column)
            || names.matches("tenant-column", column)
            || (words.len() > 1 && words.last().is_some_and(|word| word == "id"))
    }
}

/// All of them hold: what any of them leaves out is left out.
fn all(parts: Vec<Narrowed>, known: Option<&Table>) -> Narrowed {
    let mut whole = Narrowed::default();
    for part in parts {
        whole.bounded |= part.bounded;
        whole.unknown |= part.unknown;
        whole.by.extend(part.by);
        whole.fixed.extend(part.fixed);
    }
    whole.bounded |= !whole.fixed.is_empty() && is_unique(known, &whole.fixed);
    whole
}

/// One of them holds: only what each of them leaves out is left out.
fn any(parts: Vec<Narrowed>) -> Narrowed {
    let mut whole = Narrowed {
        bounded: !parts.is_empty(),
        ..Narrowed::default()
    };
    let narrows = |part: &Narrowed| part.bounded || part.unknown || !part.by.is_empty();
    if !parts.iter().all(narrows) {
        return Narrowed::default();
    }
    for part in parts {
        whole.bounded &= part.bounded;
        whole.unknown |= part.unknown;
        whole.by.extend(part.by);
    }
    whole
}
