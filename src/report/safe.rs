//! What makes text of the checked code safe to show: no control characters, no secrets, no unbounded lengths.

use crate::finding::Secrets;
use crate::source::{FileId, SourceFile, Span};
use aho_corasick::{AhoCorasick, MatchKind};
use serde::Serialize;
use serde_json::ser::{CharEscape, Formatter, PrettyFormatter};
use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;
use std::ops::Range;

/// What stands for a secret.
const HIDDEN: &str = "***";
/// Longest message, in characters.
const LONGEST: usize = 1000;
/// Longest secret whose copies in other places are looked for, in bytes.
const LONGEST_SECRET: usize = 4096;

/// Whether a character could act on a terminal or hide what a line says: C0 and C1 controls, bidirectional controls,
/// what has no width, line separators, tags.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}' | '\u{ffa0}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Writes a character so that a terminal only shows it. A tab stays if `tabs` says so.
pub(super) fn push_visible(out: &mut String, c: char, tabs: bool) {
    if acts(c) && !(tabs && c == '\t') {
        let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
    } else {
        out.push(c);
    }
    // A runner of GitHub takes `##[` for a command, wherever it stands in a line.
    if c == '[' && out.ends_with("##[") {
        out.truncate(out.len() - 2);
        out.push_str("\\u{23}[");
    }
}

/// Text for a terminal: one line, visible characters, and no command to a runner at its start.
pub(super) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let rest = text.trim_start();
    if rest.starts_with("::") {
        out.push_str("\\u{3a}");
    }
    let from = if out.is_empty() { text } else { &rest[1..] };
    for c in from.chars() {
        push_visible(&mut out, c, false);
    }
    out
}

/// Text of several lines for a terminal.
#[must_use]
pub fn safe_lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(visible).collect();
    lines.join("\n")
}

/// Shortens a text to so many characters.
pub(super) fn clipped(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or(""))),
        None => Cow::Borrowed(text),
    }
}

/// Whether what equals a secret is a word of the message itself, or the whole of a name that it quotes: a password may be the word
/// `password`. Code that a message quotes is never told so.
fn is_own_word(message: &str, found: Range<usize>, quoted: bool) -> bool {
    let word = message.get(found.clone()).unwrap_or("");
    let before = message.get(..found.start).unwrap_or("");
    let after = message.get(found.end..).unwrap_or("");
    let whole =
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
    let is_name = before.ends_with('`') && after.starts_with('`');
    whole && (!quoted || is_name) && word.chars().all(|c| c.is_ascii_alphabetic())
}

/// Hides the secrets of a run.
pub(super) struct Redactor<'a> {
    secrets: &'a Secrets,
    copies: Option<AhoCorasick>,
}

impl<'a> Redactor<'a> {
    pub(super) fn new(secrets: &'a Secrets) -> Self {
        let texts = secrets.texts().iter();
        let texts: Vec<&String> = texts.filter(|t| t.len() <= LONGEST_SECRET).collect();
        let copies = (!texts.is_empty())
            .then(|| {
                AhoCorasick::builder()
                    .match_kind(MatchKind::LeftmostLongest)
                    .build(texts)
            })
            .and_then(Result::ok);
        Self { secrets, copies }
    }

    /// A message without secrets and at a fixed length.
    pub(super) fn message(&self, text: &str) -> String {
        let text = match &self.copies {
            Some(copies) => {
                let mut out = String::new();
                let (mut quotes, mut counted) = (0, 0);
                copies.replace_all_with(text, &mut out, |found, copy, out| {
                    let between = text.get(counted..found.start()).unwrap_or("");
                    quotes += between.matches('`').count();
                    counted = found.start();
                    let is_own = is_own_word(text, found.start()..found.end(), quotes % 2 == 1);
                    out.push_str(if is_own { copy } else { HIDDEN });
                    true
                });
                Cow::Owned(out)
            }
            None => Cow::Borrowed(text),
        };
        clipped(&text, LONGEST).into_owned()
    }

    /// The ranges of a piece of a file that must not be shown: secrets and copies of them.
    pub(super) fn hidden(
        &self,
        file: FileId,
        source: &SourceFile,
        piece: &Range<usize>,
    ) -> Vec<Range<usize>> {
        let spans = self.secrets.of(file);
        let first = spans.partition_point(|span| (span.end as usize) <= piece.start);
        let mut out: Vec<Range<usize>> = spans
            .iter()
            .skip(first)
            .map(|span| span.start as usize..span.end as usize)
            .take_while(|range| range.start < piece.end)
            .collect();
        if let Some(copies) = &self.copies {
            // A copy may be cut by the ends of the piece.
            let from = floor(&source.text, piece.start.saturating_sub(LONGEST_SECRET));
            let to = floor(&source.text, piece.end.saturating_add(LONGEST_SECRET));
            let text = source.text.get(from..to).unwrap_or("");
            out.extend(
                copies
                    .find_iter(text)
                    .map(|found| from + found.start()..from + found.end()),
            );
            out.retain(|range| range.start < piece.end && range.end > piece.start);
            out.sort_unstable_by_key(|range| (range.start, range.end));
        }
        out
    }

    /// A piece of a file without its secrets.
    pub(super) fn source(&self, file: FileId, source: &SourceFile, piece: Range<usize>) -> String {
        let mut out = String::new();
        let mut at = piece.start;
        for range in self.hidden(file, source, &piece) {
            if range.end <= at {
                continue;
            }
            out.push_str(source.text.get(at..range.start.max(at)).unwrap_or(""));
            out.push_str(HIDDEN);
            at = range.end;
        }
        out.push_str(source.text.get(at.min(piece.end)..piece.end).unwrap_or(""));
        out
    }

    /// What stands for a hidden range.
    pub(super) fn mark() -> &'static str {
        HIDDEN
    }
}

/// The nearest start of a character at or before a byte offset.
pub(super) fn floor(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The part of a span that lies on its first line.
pub(super) fn first_line(source: &SourceFile, span: Span) -> Range<usize> {
    let line = source
        .lines
        .range(&source.text, source.lines.line(span.start));
    let start = floor(&source.text, (span.start as usize).min(line.end));
    let end = floor(&source.text, (span.end as usize).min(line.end));
    start..end.max(start)
}

/// JSON, indented, with every character escaped that could act on a terminal or a runner: reports are read in logs, too.
pub(super) fn json_text(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let formatter = SafeFormatter(PrettyFormatter::new());
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, formatter);
    // Writing plain data into memory cannot fail: all keys are strings, and no number is infinite.
    let written = value.serialize(&mut serializer).is_ok();
    debug_assert!(written, "a report is not plain data");
    bytes.push(b'\n');
    String::from_utf8(bytes).unwrap_or_default()
}

struct SafeFormatter<'a>(PrettyFormatter<'a>);

macro_rules! delegate {
    ($($name:ident($($arg:ident: $type:ty),*)),+ $(,)?) => {$(
        fn $name<W: ?Sized + io::Write>(&mut self, out: &mut W $(, $arg: $type)*) -> io::Result<()> {
            self.0.$name(out $(, $arg)*)
        }
    )+};
}

impl Formatter for SafeFormatter<'_> {
    delegate! {
        begin_array(), end_array(), begin_array_value(first: bool), end_array_value(),
        begin_object(), end_object(), begin_object_key(first: bool), begin_object_value(), end_object_value(),
        write_char_escape(escape: CharEscape),
    }

    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        out: &mut W,
        text: &str,
    ) -> io::Result<()> {
        let mut from = 0;
        for (at, c) in text.char_indices() {
            let command = c == '#' && text.get(at..).is_some_and(|rest| rest.starts_with("##["));
            if !acts(c) && !command {
                continue;
            }
            out.write_all(text.get(from..at).unwrap_or("").as_bytes())?;
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                write!(out, "\\u{unit:04x}")?;
            }
            from = at + c.len_utf8();
        }
        out.write_all(text.get(from..).unwrap_or("").as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_message_are_no_secrets() {
        let own = |message: &str| {
            let at = message.find("lantern").unwrap_or(0);
            let quoted = message[..at].matches('`').count() % 2 == 1;
            is_own_word(message, at..at + 7, quoted)
        };
        assert!(own("A lantern stands in the code"));
        assert!(own("`lantern` is given a secret"));
        for message in [
            "`connect(\"lantern\")` is sent",
            "`db://u:lantern@host` is sent",
            "the lanterns are sent",
        ] {
            assert!(!own(message), "{message}");
        }
    }

    #[test]
    fn what_acts_is_shown() {
        assert_eq!(
            visible("a\u{1b}]0;x\u{7}\n\tb"),
            r"a\u{1b}]0;x\u{7}\u{a}\u{9}b"
        );
        assert_eq!(
            visible("a\u{202e}b\u{9b}c\u{200d}"),
            r"a\u{202e}b\u{9b}c\u{200d}"
        );
        assert_eq!(visible("  ::error::x"), r"\u{3a}:error::x");
        assert_eq!(visible("x ##[error] #[a]"), r"x #\u{23}[error] #[a]");
        assert_eq!(visible("héllo 漢字 😀"), "héllo 漢字 😀");
    }

    #[test]
    fn json_is_safe_and_the_same() {
        let hostile = "a\u{1b}[2J\u{9b}\u{202e}##[error]\"\\\n😀\u{e0041}";
        let text = json_text(&hostile);
        assert!(!text.trim_end().chars().any(acts), "{text}");
        assert!(!text.contains("##["));
        assert_eq!(
            serde_json::from_str::<String>(&text).ok().as_deref(),
            Some(hostile)
        );
    }
}
