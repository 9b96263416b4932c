//! The tables that speak of texts in the code, not of calls: shapes of secrets, and words in identifiers.

use crate::kinds;
use crate::model::Name;
use serde::Deserialize;

/// `[[secret]]`: a credential that is known by its shape.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecretRow {
    /// Unique id in kebab case.
    pub id: Name,
    /// What it is, for people: `"AWS access key id"`.
    pub title: Name,
    /// A linear-time regular expression (Rust `regex` syntax); group 1, if there is one, is the secret itself.
    pub pattern: Name,
    /// Texts of which one must occur for the pattern to be tried, in lower case.
    pub keywords: Vec<Name>,
    /// Least Shannon entropy of the secret, in bits per character; 0 for fixed shapes.
    #[serde(default)]
    pub entropy: f32,
    /// Regular expression that the decoded header and payload of a JSON Web Token must match.
    #[serde(default)]
    pub decoded: Option<Name>,
    /// Regular expression of what has the shape and is public all the same; for a JSON Web Token tried on its decoded parts.
    #[serde(default)]
    pub except: Option<Name>,
    /// Keys that say, in the same object, that the text is meant to be public.
    #[serde(default)]
    pub beside: Vec<Name>,
    /// The secret is a password in a URL: people chose it, so that placeholders and weak words are told apart.
    #[serde(default)]
    pub password: bool,
    /// Recipes of two made-up positives and two look-alikes, for the tests; see `rules/README.md`.
    #[serde(default)]
    pub examples: Vec<Name>,
    /// Recipes of look-alikes that must stay silent.
    #[serde(default)]
    pub lookalikes: Vec<Name>,
}

/// `[[name]]`: words in identifiers that hint at something; a hint may lower confidence or answer *unknown*, it never proves.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameRow {
    /// `guard`, `credential`, `public-endpoint`, `sensitive-column`, `owner-column`, `tenant-column`, `logger`, `placeholder`, ...
    #[serde(deserialize_with = "kinds::name::one")]
    pub kind: Name,
    /// Words, in lower case; an identifier's words are split at case changes, digits excluded, `_`, `-`, `.` and `/`.
    pub words: Vec<Name>,
}
