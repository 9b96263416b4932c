//! One linear pass over the text, before any parser sees it: comments, and how deep the syntax tree would be.
//!
//! What belongs here: a lexer that is just exact enough to skip strings and comments, and upper bounds on nesting.
//! What may not enter: syntax trees. The parser and the walkers recurse, and a stack overflow aborts the process, so a
//! text that is too deep must be turned away before they see it.

use super::lexer::{Lexer, Token};
use crate::source::Span;

/// Open brackets, prefix operators and other right-recursive syntax that may enclose one token.
const MAX_NESTING: u32 = 1_000;
/// Links of one chain of methods, operators or `else if`, with what is nested in them.
const MAX_LINKS: u32 = 5_000;

/// What the pass found.
#[derive(Debug, Default)]
pub(super) struct Scan {
    /// Comments with their delimiters.
    pub(super) comments: Vec<Span>,
    /// Where the nesting first exceeds what is safe to parse.
    pub(super) too_deep: Option<Span>,
}

/// Scans `text`; spans start at `base`.
pub(super) fn scan(text: &str, base: usize) -> Scan {
    let mut found = Scan::default();
    let mut depth = Depth::default();
    for (token, range) in Lexer::new(text) {
        let span = Span::new(base + range.start, base + range.end);
        match token {
            Token::Comment => found.comments.push(span),
            _ if found.too_deep.is_some() => {}
            token => {
                depth.take(&token);
                if depth.exceeded() {
                    found.too_deep = Some(span);
                }
            }
        }
    }
    found
}

/// One level of brackets.
#[derive(Debug, Default)]
struct Level {
    /// Prefix operators, assignments and keywords since the last separator: what follows is nested in them.
    runs: u32,
    /// Type argument lists that are open, comparisons that look like them, included.
    angles: u32,
    /// Links since the last separator, with the deepest group among them.
    links: u32,
    /// The largest `links` of this level.
    deepest: u32,
    /// The group is one more link of the chain around it: a call or an index, but not a method's arguments.
    is_link: bool,
}

/// The token before this one, where it decides what this one counts.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Before {
    #[default]
    Other,
    Dot,
    /// A name behind a dot.
    Method,
    Else,
}

/// Upper bounds on the depth of the syntax tree.
#[derive(Debug, Default)]
struct Depth {
    outer: Vec<Level>,
    level: Level,
    nesting: u32,
    /// The last token ends an operand, so an operator after it has a left side.
    operand: bool,
    /// The last token closed a brace; what follows tells whether a statement ended there.
    brace_closed: bool,
    before: Before,
}

impl Depth {
    fn exceeded(&self) -> bool {
        self.nesting > MAX_NESTING || self.level.links > MAX_LINKS
    }

    fn take(&mut self, token: &Token<'_>) {
        if self.brace_closed && !continues(token) {
            self.separate(true);
        }
        self.brace_closed = false;
        let before = std::mem::take(&mut self.before);
        match token {
            Token::Comment => {}
            Token::Open(byte) => {
                self.open(self.operand && before != Before::Method && *byte != b'{');
            }
            Token::Close(byte) => self.close(*byte),
            Token::Literal => self.operand = true,
            Token::Lifetime => self.operand = false,
            Token::Word(word) => {
                // `else if` is one link, however long the chain is.
                if (before, *word) != (Before::Else, "if") {
                    self.word(word);
                }
                self.before = match (*word, before) {
                    ("else", _) => Before::Else,
                    (_, Before::Dot) => Before::Method,
                    _ => Before::Other,
                };
            }
            Token::Punct(text) => {
                self.punct(text);
                if *text == "." {
                    self.before = Before::Dot;
                }
            }
        }
    }

    fn open(&mut self, is_link: bool) {
        self.nesting += 1;
        let inner = Level {
            is_link,
            ..Level::default()
        };
        self.outer.push(std::mem::replace(&mut self.level, inner));
        self.operand = false;
    }

    fn close(&mut self, byte: u8) {
        if let Some(outer) = self.outer.pop() {
            let inner = std::mem::replace(&mut self.level, outer);
            let below = inner.deepest.max(inner.links) + 1;
            self.nesting = self.nesting.saturating_sub(1 + inner.runs + inner.angles);
            let chain = self.level.links + u32::from(inner.is_link);
            self.level.links = below.max(chain);
        }
        self.operand = true;
        self.brace_closed = byte == b'}';
    }

    fn word(&mut self, word: &str) {
        match word {
            "as" | "else" => {
                self.level.links += 1;
                self.operand = false;
            }
            "if" | "match" | "while" | "for" | "in" | "return" | "break" | "yield" | "move"
            | "async" | "unsafe" | "let" | "dyn" | "impl" | "mut" | "ref" | "box" | "const"
            | "static" | "fn" | "extern" | "loop" | "try" | "raw" | "where" => {
                self.nest();
            }
            _ => self.operand = true,
        }
    }

    fn punct(&mut self, text: &str) {
        match text {
            ";" | "=>" => self.separate(true),
            "," => self.separate(false),
            "<" | "<<" => {
                let count = u32::try_from(text.len()).unwrap_or(1);
                self.level.angles += count;
                self.nesting += count;
                self.operand = false;
            }
            ">" | ">>" | ">=" | ">>=" => {
                let count = u32::try_from(text.matches('>').count()).unwrap_or(1);
                let closed = count.min(self.level.angles);
                self.level.angles -= closed;
                self.nesting -= closed;
                self.level.links += 1;
                self.operand = true;
            }
            "=" | "->" | "@" => self.nest(),
            "?" => self.level.links += 1,
            "::" => {
                self.level.links += 1;
                self.operand = false;
            }
            _ if self.operand => {
                self.level.links += 1;
                self.operand = false;
            }
            _ => {
                for _ in 0..text.len() {
                    self.nest();
                }
            }
        }
    }

    fn nest(&mut self) {
        self.level.runs += 1;
        self.nesting += 1;
        self.operand = false;
    }

    /// A separator ends what its left neighbours enclose. Type arguments go on behind a comma.
    fn separate(&mut self, statement: bool) {
        let level = &mut self.level;
        level.deepest = level.deepest.max(level.links);
        level.links = 0;
        self.nesting -= level.runs;
        level.runs = 0;
        if statement {
            self.nesting -= level.angles;
            level.angles = 0;
        }
        self.operand = false;
    }
}

/// Whether a token behind `}` belongs to the same expression.
fn continues(token: &Token<'_>) -> bool {
    match token {
        Token::Close(_) => true,
        Token::Word(word) => matches!(*word, "else" | "as" | "in"),
        Token::Punct(text) => !matches!(*text, "#" | "," | ";" | "=>"),
        _ => false,
    }
}
