//! A lexer for Rust that is exact about where strings, comments and characters end and careless about the rest.
//!
//! What belongs here: telling tokens apart in linear time on any text. What may not enter: what tokens mean.

use std::ops::Range;

/// A token as far as the scan tells tokens apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// `// ..` or `/* .. */`
    Comment,
    /// `(`, `[` or `{`
    Open(u8),
    /// `)`, `]` or `}`
    Close(u8),
    /// A string, character or number.
    Literal,
    /// `'a`
    Lifetime,
    /// An identifier or keyword.
    Word(&'t str),
    /// An operator or separator.
    Punct(&'t str),
}

/// Operators of more than one byte that read as one, longest first. `&&`, `||` and the like count as one only as
/// binary operators; in front of an operand the scan counts their bytes.
const OPERATORS: [&str; 22] = [
    "<<=", ">>=", "..=", "...", "::", "->", "=>", "==", "!=", "<=", ">=", "&&", "||", "+=", "-=",
    "*=", "/=", "%=", "^=", "&=", "|=", "..",
];

/// Yields the tokens of a text with their byte ranges.
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.text
            .as_bytes()
            .get(self.at + ahead)
            .copied()
            .unwrap_or(0)
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn skip_while(&mut self, keep: impl Fn(u8) -> bool) {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(|byte| keep(*byte)) {
            self.at += 1;
        }
    }

    fn block_comment(&mut self) {
        let mut open = 0_usize;
        while self.at < self.text.len() {
            match (self.byte(0), self.byte(1)) {
                (b'/', b'*') => {
                    open += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    open -= 1;
                    self.at += 2;
                    if open == 0 {
                        return;
                    }
                }
                _ => self.at += 1,
            }
        }
    }

    /// Behind the opening quote: up to and with the closing one.
    fn quoted(&mut self, quote: u8) {
        while self.at < self.text.len() {
            let byte = self.byte(0);
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == quote {
                break;
            }
        }
        self.at = self.at.min(self.text.len());
    }

    /// At the `#`s or the quote of a raw string.
    fn raw_string(&mut self) {
        let start = self.at;
        self.skip_while(|byte| byte == b'#');
        let hashes = self.at - start;
        self.at += 1;
        while self.at < self.text.len() {
            self.skip_while(|byte| byte != b'"');
            self.at += 1;
            let end = self.at;
            self.skip_while(|byte| byte == b'#');
            if self.at - end.min(self.at) >= hashes {
                self.at = end + hashes;
                return;
            }
        }
        self.at = self.text.len();
    }

    /// At a `'`: a character or a lifetime.
    fn tick(&mut self) -> Token<'t> {
        let mut chars = self.rest().chars().skip(1);
        let (first, second) = (chars.next(), chars.next());
        self.at += 1;
        match (first, second) {
            (Some('\\'), _) => self.quoted(b'\''),
            (Some(c), Some('\'')) => self.at += c.len_utf8() + 1,
            _ => {
                self.skip_while(is_word);
                return Token::Lifetime;
            }
        }
        Token::Literal
    }

    fn number(&mut self) {
        self.skip_while(is_word);
        if self.byte(0) == b'.' && self.byte(1).is_ascii_digit() {
            self.at += 1;
            self.skip_while(is_word);
        }
    }

    fn word(&mut self) -> Token<'t> {
        let start = self.at;
        self.skip_while(is_word);
        let word = self.text.get(start..self.at).unwrap_or("");
        match (word, self.byte(0)) {
            ("r" | "br" | "cr", b'"') => self.raw_string(),
            ("r" | "br" | "cr", b'#') if starts_raw(self.rest()) => self.raw_string(),
            ("b" | "c", b'"') => {
                self.at += 1;
                self.quoted(b'"');
            }
            ("b", b'\'') => {
                self.at += 1;
                self.quoted(b'\'');
            }
            ("r", b'#') if is_word(self.byte(1)) => {
                self.at += 1;
                self.skip_while(is_word);
                // A raw identifier is never a keyword.
                return Token::Word("r#");
            }
            _ => return Token::Word(word),
        }
        Token::Literal
    }

    fn punct(&mut self) -> Token<'t> {
        let rest = self.rest();
        let length = OPERATORS
            .iter()
            .find(|operator| rest.starts_with(**operator))
            .map_or(1, |operator| operator.len());
        self.at += length;
        Token::Punct(rest.get(..length).unwrap_or(""))
    }
}

impl<'t> Iterator for Lexer<'t> {
    type Item = (Token<'t>, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        self.skip_while(|byte| byte.is_ascii_whitespace());
        let start = self.at;
        let first = *self.text.as_bytes().get(start)?;
        let token = match (first, self.byte(1)) {
            (b'/', b'/') => {
                self.skip_while(|byte| byte != b'\n');
                Token::Comment
            }
            (b'/', b'*') => {
                self.block_comment();
                Token::Comment
            }
            (b'"', _) => {
                self.at += 1;
                self.quoted(b'"');
                Token::Literal
            }
            (b'\'', _) => self.tick(),
            (b'0'..=b'9', _) => {
                self.number();
                Token::Literal
            }
            (b'(' | b'[' | b'{', _) => {
                self.at += 1;
                Token::Open(first)
            }
            (b')' | b']' | b'}', _) => {
                self.at += 1;
                Token::Close(first)
            }
            _ if is_word(first) => self.word(),
            _ => self.punct(),
        };
        let mut end = self.at;
        if token == Token::Comment && self.text.get(start..end).is_some_and(|t| t.ends_with('\r')) {
            end -= 1;
        }
        Some((token, start..end))
    }
}

fn is_word(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

/// `#"` or `##"`: a raw string, not a raw identifier.
fn starts_raw(rest: &str) -> bool {
    rest.trim_start_matches('#').starts_with('"')
}
