//! What the other entries of an object say about one of them.

use super::names::Lexicon;
use crate::model::{Entry, Literal, Module, ValueId, ValueKind};
use crate::vocabulary::split_words;

/// What surrounds a value.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Setting {
    /// A login or an address stands beside it.
    pub(super) login: bool,
    /// The texts beside it are for people, or repeat their keys: a map of labels, columns or constants.
    pub(super) texts: bool,
    /// It is an entry of an object, rather than the value of a variable, field or argument.
    pub(super) entry: bool,
    /// Every entry of the object is a text.
    pub(super) only_texts: bool,
}

/// The setting of each entry of an object.
pub(super) fn setting(module: &Module, entries: &[Entry], lexicon: &Lexicon) -> Setting {
    let mut texts = 0;
    let mut labels = 0;
    let mut login = false;
    for entry in entries {
        let Entry::Field { key, value, .. } = entry else {
            continue;
        };
        login |= lexicon.is_login(key);
        if let Some(text) = text(module, *value) {
            texts += 1;
            let words = split_words(text);
            let echo = !words.is_empty() && words == split_words(key);
            labels += usize::from(echo || lexicon.is_sentence(text) || lexicon.is_type_word(text));
        }
    }
    Setting {
        login,
        texts: texts >= 2 && labels * 2 >= texts,
        entry: true,
        only_texts: texts == entries.len(),
    }
}

/// The text of a literal.
pub(super) fn text(module: &Module, value: ValueId) -> Option<&str> {
    match module.kind(value) {
        ValueKind::Literal(Literal::Str(text)) => Some(text),
        ValueKind::Cast { value, .. } => match module.kind(*value) {
            ValueKind::Literal(Literal::Str(text)) => Some(text),
            _ => None,
        },
        _ => None,
    }
}
