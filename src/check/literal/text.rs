//! Measures of a text: how much it looks like words, and how much like something that a machine made.

use crate::vocabulary::split_words;

/// Shannon entropy in bits per character.
pub(super) fn entropy(text: &str) -> f32 {
    let mut counts = [0u32; 256];
    for byte in text.bytes() {
        counts[usize::from(byte)] += 1;
    }
    let total = text.len().max(1) as f32;
    counts
        .iter()
        .filter(|count| **count > 0)
        .map(|count| {
            let share = *count as f32 / total;
            -share * share.log2()
        })
        .sum()
}

/// Whether a machine made it: long, without spaces, mixed, and not made of words.
pub(super) fn is_random(text: &str) -> bool {
    let length = text.chars().count();
    if length < 16 || text.contains(char::is_whitespace) || entropy(text) < 3.0 {
        return false;
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let mixed = digits >= 2 && letters >= 2;
    (mixed || (letters >= 20 && entropy(text) >= 3.5)) && !is_wordy(text)
}

/// Whether most of it is words that can be spoken.
pub(super) fn is_wordy(text: &str) -> bool {
    let signs = text.chars().filter(|c| c.is_alphanumeric()).count();
    let spoken: usize = split_words(text)
        .iter()
        .filter(|word| is_spoken(word))
        .map(|word| word.chars().count())
        .sum();
    // Seven of ten: names carry a version or a number, keys a lucky syllable.
    spoken * 10 >= signs * 7
}

/// A word has a vowel and never six consonants in a row.
fn is_spoken(word: &str) -> bool {
    let mut consonants = 0;
    let mut vowels = 0;
    let mut length = 0;
    for c in word.chars() {
        length += 1;
        if "aeiouyäöüéèêáàâíóúñ".contains(c) {
            vowels += 1;
            consonants = 0;
        } else {
            consonants += 1;
            if consonants > 5 {
                return false;
            }
        }
    }
    length >= 3 && vowels > 0
}

/// Whether digits and letters both occur.
pub(super) fn is_mixed(text: &str) -> bool {
    text.contains(|c: char| c.is_ascii_digit()) && text.contains(char::is_alphabetic)
}

/// Whether it is a reference to something rather than the thing: a path, a URL, a variable, a selector, a format.
pub(super) fn is_reference(text: &str) -> bool {
    let first = text.chars().next().unwrap_or(' ');
    let mut rest = text.chars();
    rest.next();
    let names_something = rest
        .next()
        .is_some_and(|c| c.is_alphabetic() || "_{(".contains(c));
    let marked = match first {
        '/' | '~' | '.' | '#' | ':' | '@' | '$' | '%' | '?' => {
            names_something || text.starts_with("../") || text.starts_with("./")
        }
        '<' | '[' | '{' | '(' | '*' => true,
        _ => false,
    };
    // A hash with its parameters (`$2b$10$..`, `$argon2id$..`) is what a password is stored as.
    let hash = first == '$' && text.matches('$').count() >= 3;
    (marked && !is_random(text))
        || hash
        || ["${", "{{", "<%", "://", "()", "=>", "%s", "%d"]
            .iter()
            .any(|mark| text.contains(mark))
        || (is_wordy(text)
            && text.contains(['|', '/', '\\', '<', '>', '{', '}', '(', ')', ',', ';', '=']))
        || is_address(text)
        || is_dotted_name(text)
        || is_variable_name(text)
}

/// `somebody@example.org`
fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty()
            && host.contains('.')
            && !host.ends_with('.')
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "@._+-".contains(c))
    })
}

/// `errors.auth.password`, `read:token`, `colors.red.500`: words joined by dots or colons.
fn is_dotted_name(text: &str) -> bool {
    let is_part = |part: &str| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_alphanumeric() || "_-".contains(c))
    };
    text.contains(['.', ':'])
        && text.starts_with(char::is_alphabetic)
        && text.split(['.', ':']).all(is_part)
        && is_wordy(text)
}

/// `JWT_SECRET`: the name of an environment variable.
fn is_variable_name(text: &str) -> bool {
    text.contains('_')
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        && !is_random(text)
}

/// Whether it is what people write where something goes: one sign repeated, dots, nothing.
pub(super) fn has_filler(text: &str) -> bool {
    // A run of other letters occurs in real keys: `AAAA` is a zero in base64.
    let runs = text.as_bytes().windows(4);
    let repeated = runs
        .filter(|run| run.iter().all(|byte| *byte == run[0]))
        .any(|run| b"xX*.-_#".contains(&run[0]));
    repeated
        || text.contains("...")
        || text.contains(['…', '•'])
        || !text.contains(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_from_keys() {
        for words in [
            "super-secret-passphrase",
            "keyboardCat2000",
            "access_token_cookie",
            "refreshTokenV2",
            "your-32-character-signing-key-1234",
        ] {
            assert!(is_wordy(words) && !is_random(words), "{words}");
        }
        for key in [
            "q8dn0balpqws1pkc281tn5ook1",
            "f8ed84e8f41e4146403dd4a6bbcea5e4",
            "Zt9qLw2xVb7mKs4n",
            "3f0c2a4e-9b1d-4c55-8a77-1d2e3f4a5b6c",
        ] {
            assert!(is_random(key), "{key}");
        }
    }

    #[test]
    fn references_are_no_values() {
        for text in [
            "/run/secrets/db",
            "./key.pem",
            "${DB_PASSWORD}",
            "$DB_PASSWORD",
            "<password>",
            "#password",
            ":password",
            "errors.auth.token",
            "JWT_SECRET",
            "a@b.org",
            "https://x.org/y",
            "required|min:8",
            "$2b$10$abcdefghijk",
        ] {
            assert!(is_reference(text), "{text}");
        }
        for text in [
            "hunter2",
            "p@ssword1",
            "root",
            "a1b2/c3d4+e5f6A7B8c9",
            "s3cr3t:x",
        ] {
            assert!(!is_reference(text), "{text}");
        }
    }
}
