//! Whether a text that is given to a credential's name is a credential.

use super::Confidence;
use super::given::{Given, Way};
use super::names::{Class, Lexicon};
use super::text::{has_filler, is_mixed, is_random, is_reference, is_wordy};

/// How sure it is that the text is a credential; `None` if it is rather something else.
pub(super) fn judge(given: &Given<'_>, lexicon: &Lexicon) -> Option<Confidence> {
    let text = lexicon.without_scheme(given.text);
    if given.way == Way::Position {
        let sure = !text.is_empty() && !has_filler(text) && !is_reference(text);
        return sure.then_some(Confidence::High);
    }
    let length = text.chars().count();
    let least = if given.setting.login { 3 } else { 4 };
    if length < least || length > 512 || has_filler(text) || is_reference(text) {
        return None;
    }
    if is_random(text) {
        // A random text in a map of texts for people is still random.
        return Some(Confidence::High);
    }
    if given.setting.texts || lexicon.is_placeholder(text) || lexicon.is_type_word(text) {
        return None;
    }
    // What is still to be followed by something is a prefix: `sk_`.
    if given.class != Class::Password && text.ends_with(['_', '-', ':']) {
        return None;
    }
    match given.class {
        Class::Password => password(given, text, lexicon),
        Class::BesideLogin if given.setting.login => password(given, text, lexicon),
        Class::BesideLogin => (length >= 4 && (is_number(text) || is_mixed(text)) && !spaced(text))
            .then_some(Confidence::Medium),
        Class::Secret => secret(given, text, lexicon),
        Class::Token => (length >= 8 && is_mixed(text) && !is_wordy(text) && !spaced(text))
            .then_some(Confidence::Medium),
    }
}

fn password(given: &Given<'_>, text: &str, lexicon: &Lexicon) -> Option<Confidence> {
    if spaced(text) {
        return None;
    }
    let signs = text.contains(|c: char| c.is_ascii_punctuation() && !"-_".contains(c));
    if is_mixed(text) || is_number(text) || (signs && !text.ends_with(['.', ':', '!', '?'])) {
        let sure = text.chars().count() >= 8 && !is_number(text);
        return Some(if sure {
            Confidence::High
        } else {
            Confidence::Medium
        });
    }
    if given.setting.login {
        // `username: "root", password: "root"` connects; `username: "Name", password: "Password"` is a form.
        return (!is_title(text)).then_some(Confidence::Medium);
    }
    // A plain word among other entries is the name of something more often than a password.
    let plain = given.setting.entry || lexicon.is_label(&given.name, text);
    (!plain || lexicon.is_weak_secret(text)).then_some(Confidence::Medium)
}

fn secret(given: &Given<'_>, text: &str, lexicon: &Lexicon) -> Option<Confidence> {
    if is_mixed(text) && !is_wordy(text) && !spaced(text) && text.chars().count() >= 8 {
        return Some(Confidence::High);
    }
    let label = if spaced(text) {
        // 'keyboard cat' is a secret, 'The shared secret' a label.
        lexicon.is_sentence(text) || given.setting.only_texts || text.split_whitespace().count() > 6
    } else {
        given.setting.entry && is_title(text)
    };
    let chosen = lexicon.is_weak_secret(text) && !text.starts_with(char::is_uppercase);
    (chosen || !(label || lexicon.is_label(&given.name, text))).then_some(Confidence::Medium)
}

fn spaced(text: &str) -> bool {
    text.contains(char::is_whitespace)
}

fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit())
}

/// One word with a capital: `Password`, `Senha`.
fn is_title(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.all(char::is_lowercase)
}
