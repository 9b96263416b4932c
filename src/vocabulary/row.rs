//! How each kind of row is found, and what it must not contradict.

use super::check::Citation;
use super::effect::EffectRow;
use super::operator::OperatorRow;
use super::path::Pattern;
use super::position::{Position, Root, When};
use super::rows::*;
use super::table::Row;
use super::words::SecretRow;
use crate::kinds;
use crate::model::Name;

/// Implements [`Row`] for rows with `path` and `when`; the role is a list of fields.
macro_rules! rows {
    ($($row:ident $table:literal ($($role:ident),*) $({ $($extra:item)* })?)+) => {$(
        impl Row for $row {
            const TABLE: &'static str = $table;

            fn patterns(&self) -> &[Pattern] {
                std::slice::from_ref(&self.path)
            }

            fn when(&self) -> When {
                self.when.clone()
            }

            fn role(&self) -> String {
                let parts: &[String] = &[$(format!("{:?}", self.$role)),*];
                parts.join(" ")
            }

            $($($extra)*)?
        }
    )+};
}

rows! {
    RouteRow "route" () {
        fn cites(&self) -> Vec<Citation> {
            self.signature.iter().cloned().map(Citation::Signature).collect()
        }

        fn check(&self) -> Result<(), String> {
            check_method(&self.method)
        }
    }
    MountRow "mount" () {
        fn cites(&self) -> Vec<Citation> {
            self.signature.iter().cloned().map(Citation::Signature).collect()
        }
    }
    SourceRow "source" (at)
    GuardRow "guard" (kind) {
        fn check(&self) -> Result<(), String> {
            if self.proof.is_empty() {
                return Err("a guard needs at least one `proof`".to_owned());
            }
            Ok(())
        }
    }
    ValidatorRow "validator" (input, part) {
        fn check(&self) -> Result<(), String> {
            check_part(self)
        }
    }
    EffectRow "effect" (kind) {
        fn check(&self) -> Result<(), String> {
            check_table(self.table.as_deref(), &self.path)
        }
    }
    OperatorRow "operator" ()
    StepRow "step" (from, to)
    SinkRow "sink" (kind, at)
    BarrierRow "barrier" (kind, input)
}

/// Implements [`Row`] for rows with nothing but a `path` to find and compare them by.
macro_rules! plain_rows {
    ($($row:ident $table:literal)+) => {$(
        impl Row for $row {
            const TABLE: &'static str = $table;

            fn patterns(&self) -> &[Pattern] {
                std::slice::from_ref(&self.path)
            }
        }
    )+};
}

plain_rows! {
    LeaveRow "leave"
    RespondRow "respond"
    LogRow "log"
}

impl Row for TypeRow {
    const TABLE: &'static str = "type";

    fn patterns(&self) -> &[Pattern] {
        &self.made_by
    }

    fn name(&self) -> Option<&Name> {
        Some(&self.name)
    }

    fn when(&self) -> When {
        self.when.clone()
    }

    fn cites(&self) -> Vec<Citation> {
        self.extends.iter().cloned().map(Citation::Type).collect()
    }

    fn check(&self) -> Result<(), String> {
        let pattern = Pattern::parse(&self.name).map_err(|error| error.to_string())?;
        if self.name.contains(['*', '{']) || pattern.expanded().count() != 1 {
            return Err(format!(
                "`{}` must be one path, without `*` and braces",
                self.name
            ));
        }
        self.method
            .as_ref()
            .map_or(Ok(()), |method| check_method(method))
    }
}

impl Row for SignatureRow {
    const TABLE: &'static str = "signature";

    fn patterns(&self) -> &[Pattern] {
        &[]
    }

    fn name(&self) -> Option<&Name> {
        Some(&self.name)
    }
}

impl Row for SecretRow {
    const TABLE: &'static str = "secret";

    fn patterns(&self) -> &[Pattern] {
        &[]
    }

    fn name(&self) -> Option<&Name> {
        Some(&self.id)
    }

    fn check(&self) -> Result<(), String> {
        if self.keywords.is_empty() || self.keywords.iter().any(|word| word.is_empty()) {
            return Err(format!(
                "`{}` needs at least one keyword, none of them empty",
                self.id
            ));
        }
        let upper = self
            .keywords
            .iter()
            .find(|word| word.to_lowercase() != word.as_str());
        upper.map_or(Ok(()), |word| {
            Err(format!("the keyword `{word}` must be in lower case"))
        })
    }
}

impl Row for ConventionRow {
    const TABLE: &'static str = "convention";

    fn patterns(&self) -> &[Pattern] {
        self.path.as_slice()
    }

    fn cites(&self) -> Vec<Citation> {
        self.signature
            .iter()
            .cloned()
            .map(Citation::Signature)
            .collect()
    }

    fn check(&self) -> Result<(), String> {
        let (has, needs) = match self.kind {
            ConventionKind::RouteFile | ConventionKind::MiddlewareFile => {
                (self.files.is_some(), "files")
            }
            ConventionKind::Directive => (self.directive.is_some(), "directive"),
            ConventionKind::Attribute => (self.path.is_some(), "path"),
        };
        if !has {
            return Err(format!("a convention of this kind needs `{needs}`"));
        }
        self.method
            .as_ref()
            .map_or(Ok(()), |method| check_method(method))
    }
}

/// `"name"`, a position, or a method in capitals.
fn check_method(method: &str) -> Result<(), String> {
    let position = || Position::parse(method).is_ok_and(|p| matches!(p.root, Root::Arg(_)));
    let capitals = !method.is_empty() && method.chars().all(|c| c.is_ascii_uppercase());
    if method == "name" || capitals || position() {
        return Ok(());
    }
    Err(format!(
        "`{method}` is no method; expected \"name\" (the callee's last segment), a position such as \"arg0\", or capitals \
         such as \"GET\""
    ))
}

/// A validator among the links says which part of the request it checks, and none of the others does.
fn check_part(row: &ValidatorRow) -> Result<(), String> {
    let is_link = row.input.root == Root::Link;
    let Some(part) = &row.part else {
        let lonely = !row.parts.is_empty() || row.field.is_some();
        return match (is_link, lonely) {
            (true, _) => Err("a validator with `input = \"link\"` needs a `part`".to_owned()),
            (_, true) => Err("`parts` and `field` need a `part`".to_owned()),
            _ => Ok(()),
        };
    };
    if !is_link {
        return Err("`part` is for validators with `input = \"link\"`".to_owned());
    }
    let is_kind = |name: &Name| kinds::check("source", name.clone());
    row.parts
        .values()
        .try_for_each(|kind| is_kind(kind).map(drop))?;
    if part == "*" || row.parts.is_empty() {
        return match part.as_str() {
            "*" => Ok(()),
            _ => is_kind(part).map(drop),
        };
    }
    Position::parse(part)
        .map(drop)
        .map_err(|error| error.to_string())
}

/// `"*1"` where the path has so many `*`, `"sql"`, `"root"`, or a position.
fn check_table(table: Option<&str>, path: &Pattern) -> Result<(), String> {
    let Some(table) = table.filter(|table| !["sql", "root"].contains(table)) else {
        return Ok(());
    };
    let Some(star) = table.strip_prefix('*') else {
        return Position::parse(table)
            .map(drop)
            .map_err(|error| error.to_string());
    };
    let stars = path.expanded().map(|text| text.matches('*').count()).min();
    let fits = |n: usize| n >= 1 && stars.is_some_and(|stars| n <= stars);
    if star.parse().is_ok_and(fits) {
        return Ok(());
    }
    Err(format!(
        "`{table}` names a `*` that `{path}` does not have; the first is \"*1\""
    ))
}
