//! Which identifiers name a credential, and the other word lists that speak of credentials.

use crate::model::Name;
use crate::vocabulary::{Names, split_words};
use rustc_hash::FxHashSet;

/// What kind of credential a name promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Chosen by people: any text can be one.
    Password,
    /// A password where a login stands beside it, else nothing.
    BesideLogin,
    /// Keys and secrets that a project makes up itself; often a phrase.
    Secret,
    /// Handed out by a machine: looks random.
    Token,
}

/// A phrase is a list of words in a row.
type Phrases = Vec<Vec<Name>>;

/// The word lists of the vocabulary.
#[derive(Debug)]
pub(super) struct Lexicon {
    cores: Vec<(Class, Phrases)>,
    neutral: FxHashSet<Name>,
    not: Phrases,
    qualifiers: FxHashSet<Name>,
    login: FxHashSet<Name>,
    placeholder: FxHashSet<Name>,
    types: Phrases,
    weak: FxHashSet<Name>,
    sentence: FxHashSet<Name>,
    conversions: Phrases,
    setters: Phrases,
    verbs: FxHashSet<Name>,
    schemes: FxHashSet<Name>,
    folders: FxHashSet<Name>,
}

impl Lexicon {
    pub(super) fn new(names: &Names) -> Self {
        let phrases = |kind: &str| -> Phrases {
            names
                .words(kind)
                .iter()
                .map(|word| split_words(word))
                .collect()
        };
        let words = |kind: &str| -> FxHashSet<Name> { names.words(kind).iter().cloned().collect() };
        Self {
            cores: vec![
                (Class::Password, phrases("credential-password")),
                (Class::BesideLogin, phrases("credential-beside-login")),
                (Class::Secret, phrases("credential-secret")),
                (Class::Token, phrases("credential-token")),
            ],
            neutral: words("credential-neutral"),
            not: phrases("credential-not"),
            qualifiers: words("credential-qualifier"),
            login: words("credential-login"),
            placeholder: words("placeholder"),
            types: phrases("placeholder-type"),
            weak: words("weak-secret"),
            sentence: words("sentence"),
            conversions: phrases("text-conversion"),
            setters: phrases("key-value-setter"),
            verbs: words("setter-verb"),
            schemes: words("authorization-scheme"),
            folders: words("text-folder"),
        }
    }

    /// What a name promises: its last credential word decides, only neutral words may follow it, and no word may turn
    /// the meaning (`passwordField`, `resetToken`, `publicKey`).
    pub(super) fn class(&self, name: &str) -> Option<Class> {
        let words = split_words(name);
        let (class, end) = self
            .cores
            .iter()
            .flat_map(|(class, phrases)| phrases.iter().map(move |phrase| (*class, phrase)))
            .filter_map(|(class, phrase)| Some((class, last_end(&words, phrase)?, phrase.len())))
            .max_by_key(|(_, end, length)| (*end, *length))
            .map(|(class, end, _)| (class, end))?;
        let neutral = words
            .get(end..)?
            .iter()
            .all(|word| self.neutral.contains(word));
        let turned = self
            .not
            .iter()
            .any(|phrase| last_end(&words, phrase).is_some());
        (neutral && !turned).then_some(class)
    }

    /// The class of what a method with this name is given: `password(..)`, `with_api_key(..)`, `setSecret(..)`.
    pub(super) fn setter_class(&self, method: &str, bare: bool) -> Option<Class> {
        let words = split_words(method);
        let rest = match words.split_first() {
            Some((verb, rest)) if self.verbs.contains(verb) => rest,
            _ if bare => words.as_slice(),
            _ => return None,
        };
        // `set_initial_password_policy` says more than the name of a credential does.
        (rest.len() <= 3).then(|| self.class(&rest.join("_")))?
    }

    /// Whether a name is that of a login or an address.
    pub(super) fn is_login(&self, name: &str) -> bool {
        split_words(name)
            .last()
            .is_some_and(|word| self.login.contains(word))
    }

    /// Whether a text stands for a value that somebody has to fill in.
    pub(super) fn is_placeholder(&self, text: &str) -> bool {
        split_words(text)
            .iter()
            .any(|word| self.placeholder.contains(word))
    }

    /// Whether a text is a word that a schema or a form has where the value would stand.
    pub(super) fn is_type_word(&self, text: &str) -> bool {
        let words = split_words(text);
        self.types.contains(&words)
    }

    /// Whether a text says no more than the name that it is given to: `clientSecret: "client_secret"`. A secret may well be
    /// called what it is (`JWT_SECRET = "secret"`), the same words or other words for a credential are a label.
    pub(super) fn is_label(&self, name: &str, text: &str) -> bool {
        let (name, text) = (split_words(name), split_words(text));
        let says_less = name.len() > 1 && text.len() == 1 && self.is_core(Class::Secret, &text);
        let known = |word: &Name| name.contains(word) || self.qualifiers.contains(word);
        !text.is_empty() && !says_less && text.iter().all(known)
    }

    fn is_core(&self, class: Class, words: &[Name]) -> bool {
        let cores = self.cores.iter().filter(|(core, _)| *core == class);
        cores
            .flat_map(|(_, phrases)| phrases)
            .any(|phrase| phrase == words)
    }

    /// Whether people write this when they make up a secret.
    pub(super) fn is_weak_secret(&self, text: &str) -> bool {
        split_words(text)
            .iter()
            .any(|word| self.weak.contains(word))
    }

    /// Whether a text reads like a sentence or a label.
    pub(super) fn is_sentence(&self, text: &str) -> bool {
        let text = text.trim();
        let spaced = text.contains(char::is_whitespace);
        spaced
            && (text.starts_with(char::is_uppercase)
                || text.ends_with(['.', '!', '?', ':', ','])
                || text
                    .split(|c: char| !c.is_alphabetic())
                    .any(|word| self.sentence.contains(word.to_lowercase().as_str())))
    }

    /// Whether a call of this name yields the text that it is given.
    pub(super) fn is_conversion(&self, callee: &str) -> bool {
        self.conversions.contains(&split_words(callee))
    }

    /// Whether a call of this name puts its second argument under the name in its first.
    pub(super) fn is_setter(&self, callee: &str) -> bool {
        self.setters.contains(&split_words(callee))
    }

    /// What follows the scheme in the value of an `Authorization` header.
    pub(super) fn without_scheme<'t>(&self, text: &'t str) -> &'t str {
        let text = text.trim();
        text.split_once(' ')
            .filter(|(scheme, _)| self.schemes.contains(scheme.to_ascii_lowercase().as_str()))
            .map_or(text, |(_, rest)| rest.trim())
    }

    /// Whether a file holds texts for people.
    pub(super) fn text_folder(&self, path: &str) -> bool {
        path.split('/').any(|part| {
            let stem = part.split('.').next().unwrap_or(part);
            self.folders.contains(stem)
        })
    }
}

/// Where the last occurrence of a phrase ends.
fn last_end(words: &[Name], phrase: &[Name]) -> Option<usize> {
    if phrase.is_empty() {
        return None;
    }
    let start = words.windows(phrase.len()).rposition(|run| run == phrase)?;
    Some(start + phrase.len())
}
