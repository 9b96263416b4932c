//! `backlint.toml`.
//!
//! What belongs here: the file format, strictly, and errors that show the place. What may not enter: which rules
//! there are; ids come with their place so that whoever knows the rules can point at a wrong one.

use super::error::SettingsError;
use super::paths;
use crate::model::{Name, Place};
use globset::{Glob, GlobMatcher, GlobSet, GlobSetBuilder};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

/// Name of the settings file in the root.
pub const FILE: &str = "backlint.toml";

/// The project's settings.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// `default`, `strict` or `audit`.
    pub profile: Option<Name>,
    /// `error`, `warning`, `note` or `never`.
    pub fail_on: Option<Name>,
    /// `high`, `medium` or `low`.
    pub min_confidence: Option<Name>,
    /// What holds for single rules, in the order of the file.
    pub rules: Vec<RuleSetting>,
    /// Findings that are accepted.
    pub suppress: Vec<Suppress>,
    /// The project's own vocabulary: root-relative path and text.
    pub vocabulary: Vec<(String, String)>,
    places: Vec<(GlobMatcher, Place)>,
    exclude: GlobSet,
    vocabulary_paths: Vec<(String, Range<usize>)>,
    text: String,
}

/// What holds for one rule.
#[derive(Debug, Clone)]
pub struct RuleSetting {
    /// The rule.
    pub rule: Name,
    /// `error`, `warning` or `note`, if it is changed.
    pub severity: Option<Name>,
    /// Whether it is switched on or off.
    pub enabled: Option<bool>,
    /// Where the rule's id stands, for [`Settings::error`].
    pub at: Range<usize>,
}

/// Findings of one rule in some files that are accepted for a reason.
#[derive(Debug, Clone)]
pub struct Suppress {
    /// The rule.
    pub rule: Name,
    /// The files.
    pub path: GlobMatcher,
    /// Why.
    pub reason: String,
    /// 1-based line of the entry.
    pub line: u32,
    /// Where the rule's id stands, for [`Settings::error`].
    pub at: Range<usize>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Raw {
    profile: Option<Spanned<String>>,
    fail_on: Option<Spanned<String>>,
    min_confidence: Option<Spanned<String>>,
    rules: BTreeMap<Spanned<String>, RawRule>,
    place: BTreeMap<Spanned<String>, Spanned<String>>,
    exclude: Vec<Spanned<String>>,
    vocabulary: Vec<Spanned<String>>,
    suppress: Vec<RawSuppress>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    severity: Option<Spanned<String>>,
    enabled: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSuppress {
    rule: Spanned<String>,
    path: Spanned<String>,
    reason: Spanned<String>,
}

impl Settings {
    /// Reads the text of a settings file; vocabulary files are named in it but not loaded.
    ///
    /// # Errors
    /// On the first mistake.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let raw: Raw = toml::from_str(text).map_err(|error| syntax_error(text, &error))?;
        Reader { text }.read(raw)
    }

    /// An error at a place that these settings handed out.
    #[must_use]
    pub fn error(&self, at: &Range<usize>, message: impl Into<String>) -> SettingsError {
        SettingsError::new(FILE, &self.text, at.clone(), message)
    }

    /// The place that the settings give a file; the first glob that matches decides.
    #[must_use]
    pub fn place(&self, path: &str) -> Option<Place> {
        let entry = self.places.iter().find(|(glob, _)| glob.is_match(path));
        entry.map(|(_, place)| *place)
    }

    /// Files that are not read at all.
    pub(super) fn exclude(&self) -> &GlobSet {
        &self.exclude
    }

    /// Loads the vocabulary files with `load`, which answers why a file is not to be had.
    pub(super) fn load_vocabulary(
        &mut self,
        load: impl Fn(&str) -> Result<String, String>,
    ) -> Result<(), SettingsError> {
        for (path, at) in &self.vocabulary_paths {
            let text = load(path).map_err(|why| self.error(at, format!("{path}: {why}")))?;
            self.vocabulary.push((path.clone(), text));
        }
        Ok(())
    }
}

fn syntax_error(text: &str, error: &toml::de::Error) -> SettingsError {
    let at = error.span().unwrap_or(0..0);
    let message = error.message();
    // serde appends what is allowed; that is help rather than the mistake itself.
    match message.split_once(", expected ") {
        Some((what, allowed)) => {
            let allowed = allowed.trim_start_matches("one of ");
            SettingsError::new(FILE, text, at, what).with_help(format!("allowed here: {allowed}"))
        }
        None => SettingsError::new(FILE, text, at, message),
    }
}

struct Reader<'t> {
    text: &'t str,
}

impl Reader<'_> {
    fn read(&self, raw: Raw) -> Result<Settings, SettingsError> {
        let one_of = |value: Option<Spanned<String>>, allowed: &[&str]| {
            value.map(|value| self.one_of(&value, allowed)).transpose()
        };
        let severities = ["error", "warning", "note"];
        let mut rules = Vec::new();
        for (rule, setting) in raw.rules {
            rules.push(RuleSetting {
                rule: Name::new(rule.get_ref()),
                severity: one_of(setting.severity, &severities)?,
                enabled: setting.enabled,
                at: rule.span(),
            });
        }
        rules.sort_by_key(|rule| rule.at.start);
        Ok(Settings {
            profile: one_of(raw.profile, &["default", "strict", "audit"])?,
            fail_on: one_of(raw.fail_on, &["error", "warning", "note", "never"])?,
            min_confidence: one_of(raw.min_confidence, &["high", "medium", "low"])?,
            rules,
            suppress: raw
                .suppress
                .iter()
                .map(|entry| self.suppress(entry))
                .collect::<Result<_, _>>()?,
            vocabulary: Vec::new(),
            places: self.places(&raw.place)?,
            exclude: self.exclude(&raw.exclude)?,
            vocabulary_paths: raw
                .vocabulary
                .iter()
                .map(|path| self.inside(path))
                .collect::<Result<_, _>>()?,
            text: self.text.to_owned(),
        })
    }

    fn error(&self, at: Range<usize>, message: impl Into<String>) -> SettingsError {
        SettingsError::new(FILE, self.text, at, message)
    }

    fn one_of(&self, value: &Spanned<String>, allowed: &[&str]) -> Result<Name, SettingsError> {
        let text = value.get_ref().as_str();
        if allowed.contains(&text) {
            return Ok(Name::new(text));
        }
        let help = format!("allowed here: {}", allowed.join(", "));
        Err(self
            .error(value.span(), format!("unknown value {text:?}"))
            .with_help(help))
    }

    fn glob(&self, glob: &Spanned<String>) -> Result<Glob, SettingsError> {
        Glob::new(glob.get_ref()).map_err(|error| self.error(glob.span(), error.kind().to_string()))
    }

    fn suppress(&self, entry: &RawSuppress) -> Result<Suppress, SettingsError> {
        let reason = entry.reason.get_ref().trim();
        if reason.is_empty() {
            return Err(self.error(entry.reason.span(), "a suppression needs a reason"));
        }
        let error = self.error(entry.rule.span(), "");
        Ok(Suppress {
            rule: Name::new(entry.rule.get_ref()),
            path: self.glob(&entry.path)?.compile_matcher(),
            reason: reason.to_owned(),
            line: error.line,
            at: entry.rule.span(),
        })
    }

    fn places(
        &self,
        raw: &BTreeMap<Spanned<String>, Spanned<String>>,
    ) -> Result<Vec<(GlobMatcher, Place)>, SettingsError> {
        let names = Place::ALL.map(Place::name);
        let mut places = Vec::new();
        for (glob, name) in raw {
            let matcher = self.glob(glob)?.compile_matcher();
            let place = self.one_of(name, &names)?;
            let place = Place::from_name(&place).unwrap_or(Place::Production);
            places.push((glob.span().start, matcher, place));
        }
        places.sort_by_key(|(start, ..)| *start);
        Ok(places
            .into_iter()
            .map(|(_, glob, place)| (glob, place))
            .collect())
    }

    fn exclude(&self, globs: &[Spanned<String>]) -> Result<GlobSet, SettingsError> {
        let mut set = GlobSetBuilder::new();
        for glob in globs {
            set.add(self.glob(glob)?);
        }
        set.build()
            .map_err(|error| self.error(0..0, error.kind().to_string()))
    }

    fn inside(&self, path: &Spanned<String>) -> Result<(String, Range<usize>), SettingsError> {
        let text = path.get_ref();
        let inside = (!text.starts_with('/') && !text.contains(['\\', ':']))
            .then(|| paths::join("", text))
            .flatten()
            .filter(|inside| !inside.is_empty());
        match inside {
            Some(inside) => Ok((inside, path.span())),
            None => Err(self.error(path.span(), "a vocabulary file has to be inside the root")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Settings::parse(text).map_or_else(|e| e.to_string(), |_| String::new())
    }

    #[test]
    fn everything_is_read_in_order() {
        let text = "profile = \"strict\"\nfail-on = \"never\"\nexclude = [\"fixtures/**\"]\n\
            [rules.zz]\nenabled = false\n[rules.aa]\nseverity = \"note\"\n\
            [place]\n\"tools/a/**\" = \"cli\"\n\"tools/**\" = \"script\"\n\
            [[suppress]]\nrule = \"zz\"\npath = \"src/**\"\nreason = \"legacy\"\n";
        let settings = Settings::parse(text).unwrap_or_default();
        assert_eq!(settings.profile.as_deref(), Some("strict"));
        assert_eq!(settings.rules[0].rule, "zz");
        assert_eq!(settings.rules[1].severity.as_deref(), Some("note"));
        assert_eq!(settings.place("tools/a/x.ts"), Some(Place::Cli));
        assert_eq!(settings.place("tools/b/x.ts"), Some(Place::Script));
        assert_eq!(settings.place("src/x.ts"), None);
        assert_eq!(settings.suppress[0].line, 12);
        assert!(settings.exclude().is_match("fixtures/a/b.ts"));
        let shown = settings
            .error(&settings.rules[1].at, "no such rule")
            .to_string();
        assert!(
            shown.starts_with("backlint.toml:6:8: no such rule"),
            "{shown}"
        );
    }

    #[test]
    fn mistakes_are_shown_where_they_stand() {
        let shown = error("profile = \"default\"\nprofil = 1\n");
        assert!(
            shown.starts_with("backlint.toml:2:1: unknown field `profil`"),
            "{shown}"
        );
        assert!(shown.contains("2 | profil = 1\n  | ^^^^^^\n"), "{shown}");
        assert!(shown.contains("allowed here: `profile`"), "{shown}");
        assert!(error("profile = \"lax\"").contains("allowed here: default, strict, audit"));
        assert!(error("[place]\n\"a/**\" = \"server\"").contains("backlint.toml:2:10"));
        assert!(
            error("[[suppress]]\nrule = \"a\"\npath = \"b\"").contains("missing field `reason`")
        );
        assert!(error("exclude = [\"a[\"]").contains("backlint.toml:1:12"));
        assert!(error("vocabulary = [\"../x.toml\"]").contains("inside the root"));
        assert!(error("x = [").contains("backlint.toml:1"));
    }
}
