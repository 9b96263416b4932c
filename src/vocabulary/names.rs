//! Words in identifiers.

use crate::model::Name;
use rustc_hash::FxHashMap;

/// The word lists of all `[[name]]` rows, by kind.
#[derive(Debug, Clone, Default)]
pub struct Names {
    kinds: FxHashMap<Name, Vec<Phrase>>,
    listed: FxHashMap<Name, Vec<Name>>,
}

/// Words that must follow each other.
type Phrase = Vec<Name>;

impl Names {
    /// The words and phrases of a kind, as they are listed.
    #[must_use]
    pub fn words(&self, kind: &str) -> &[Name] {
        self.listed.get(kind).map_or(&[], Vec::as_slice)
    }

    /// Whether a listed word, or the words of a listed phrase (`api key`) one after the other, occur in the identifier.
    #[must_use]
    pub fn matches(&self, kind: &str, identifier: &str) -> bool {
        let Some(phrases) = self.kinds.get(kind) else {
            return false;
        };
        let words = split_words(identifier);
        phrases.iter().any(|phrase| {
            words
                .windows(phrase.len())
                .any(|run| run == phrase.as_slice())
        })
    }

    /// Whether the words of an identifier are those of a kind and nothing else, but for words of another kind that say nothing
    /// (`loginUserAction` is a login, `registerDomain` no registration).
    #[must_use]
    pub fn is_but_for(&self, kind: &str, identifier: &str, neutral: &str) -> bool {
        let words = split_words(identifier);
        let says_nothing = |word: &Name| {
            let mut known = self.kinds.get(neutral).into_iter().flatten();
            known.any(|phrase| phrase.as_slice() == std::slice::from_ref(word))
        };
        let mut phrases = self.kinds.get(kind).into_iter().flatten();
        phrases.any(|phrase| {
            let mut runs = words.windows(phrase.len()).enumerate();
            runs.any(|(at, run)| {
                let (before, after) = (&words[..at], &words[at + phrase.len()..]);
                run == phrase.as_slice() && before.iter().chain(after).all(says_nothing)
            })
        })
    }

    /// Whether the identifier is a listed word or phrase, and nothing more.
    #[must_use]
    pub fn is(&self, kind: &str, identifier: &str) -> bool {
        let words = split_words(identifier);
        self.kinds
            .get(kind)
            .is_some_and(|phrases| phrases.contains(&words))
    }

    /// The kinds that have words.
    pub fn kinds(&self) -> impl Iterator<Item = &Name> {
        self.listed.keys()
    }

    pub(super) fn add(&mut self, kind: &Name, words: &[Name]) {
        let phrases = self.kinds.entry(kind.clone()).or_default();
        let listed = self.listed.entry(kind.clone()).or_default();
        for word in words {
            let phrase = split_words(word);
            if !phrase.is_empty() && !phrases.contains(&phrase) {
                phrases.push(phrase);
                listed.push(word.clone());
            }
        }
    }
}

/// The words of an identifier or path, in lower case: `userId2_hash` has `user`, `id`, `hash`; `APIKey` has `api`, `key`.
#[must_use]
pub fn split_words(identifier: &str) -> Vec<Name> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut chars = identifier.chars().peekable();
    let mut previous_lower = false;
    while let Some(c) = chars.next() {
        if !c.is_alphabetic() {
            finish(&mut word, &mut words);
            previous_lower = false;
            continue;
        }
        let next_lower = chars.peek().is_some_and(|next| next.is_lowercase());
        // `userId` breaks before the I, `APIKey` before the K; the S of a plural `IDs` starts no word.
        let starts = c.is_uppercase() && (previous_lower || (next_lower && !plural(&chars)));
        if starts {
            finish(&mut word, &mut words);
        }
        word.extend(c.to_lowercase());
        previous_lower = c.is_lowercase();
    }
    finish(&mut word, &mut words);
    words
}

/// Whether what follows is a lone `s`, as in `URLs`.
fn plural(rest: &std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let mut rest = rest.clone();
    rest.next() == Some('s') && rest.next().is_none_or(|c| !c.is_lowercase())
}

fn finish(word: &mut String, words: &mut Vec<Name>) {
    if !word.is_empty() {
        words.push(word.as_str().into());
        word.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn identifiers_split_at_case_digits_and_signs() {
        for (identifier, words) in [
            ("userId2_hash", "user id hash"),
            ("APIKey", "api key"),
            ("api-key", "api key"),
            ("routes/api.authUser", "routes api auth user"),
            ("STRIPE_SECRET_KEY", "stripe secret key"),
            ("userIDs", "user ids"),
            ("sha256sum", "sha sum"),
            ("authorId", "author id"),
            ("", ""),
        ] {
            assert_eq!(split_words(identifier).join(" "), words, "{identifier}");
        }
    }

    #[test]
    fn phrases_match_words_in_a_row() {
        let mut names = Names::default();
        names.add(&"credential".into(), &["api key".into(), "secret".into()]);
        assert!(names.matches("credential", "stripeApiKey"));
        assert!(names.matches("credential", "CLIENT_SECRET"));
        assert!(!names.matches("credential", "keyApi"));
        assert!(!names.matches("credential", "secretary"));
        assert!(!names.matches("guard", "secret"));
        assert_eq!(names.words("credential"), ["api key", "secret"]);
    }

    proptest! {
        #[test]
        fn splitting_keeps_every_letter(text in "[a-zA-Z_0-9é. -]{0,30}") {
            let letters: String = text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
            prop_assert_eq!(split_words(&text).concat(), letters);
        }
    }
}
