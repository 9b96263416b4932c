//! The text of a rule file: its definition, its sections, its examples and their marks.

use super::MARK;
use crate::model::{Language, Name};
use std::ops::Range;

/// A rule file, cut into its parts.
#[derive(Debug)]
pub(super) struct Document<'a> {
    /// The text of the `toml` block.
    pub(super) definition: Range<usize>,
    /// What follows it.
    pub(super) body: &'a str,
    /// Headings with what stands below them.
    pub(super) sections: Vec<Section<'a>>,
}

/// A heading and what stands below it, up to the next heading of any level.
#[derive(Debug)]
pub(super) struct Section<'a> {
    /// How many `#`.
    pub(super) level: usize,
    /// The heading.
    pub(super) title: &'a str,
    /// Where the heading stands in the file.
    pub(super) range: Range<usize>,
    /// Whether there is any text.
    pub(super) has_text: bool,
    /// The fenced blocks.
    pub(super) blocks: Vec<Block<'a>>,
}

/// A fenced block.
#[derive(Debug)]
pub(super) struct Block<'a> {
    /// What stands behind the opening fence: `ts app/route.ts`.
    pub(super) info: &'a str,
    /// Where the opening fence stands in the file.
    pub(super) range: Range<usize>,
    /// The lines between the fences.
    pub(super) text: &'a str,
}

/// The word behind a fence, and the language that it means.
pub(super) fn language(word: &str) -> Option<Language> {
    match word {
        "ts" | "tsx" | "js" | "jsx" | "mjs" | "cjs" | "mts" | "cts" => Some(Language::TypeScript),
        "rust" | "rs" => Some(Language::Rust),
        _ => None,
    }
}

impl<'a> Document<'a> {
    /// Cuts a rule file. The error says where and what.
    pub(super) fn parse(text: &'a str) -> Result<Self, (Range<usize>, &'static str)> {
        let mut lines = Lines::new(text);
        match lines.next() {
            Some((_, "```toml")) => {}
            _ => return Err((0..0, "a rule file begins with a line \"```toml\"")),
        }
        let start = lines.at;
        let definition = loop {
            match lines.next() {
                Some((range, "```")) => break start..range.start,
                Some(_) => {}
                None => return Err((0..7, "the toml block does not end")),
            }
        };
        let body = text.get(lines.at..).unwrap_or("");
        let sections = sections(&mut lines)?;
        Ok(Self {
            definition,
            body,
            sections,
        })
    }

    /// The section of this title.
    pub(super) fn section(&self, title: &str) -> Option<&Section<'a>> {
        self.sections.iter().find(|section| section.title == title)
    }
}

fn sections<'a>(lines: &mut Lines<'a>) -> Result<Vec<Section<'a>>, (Range<usize>, &'static str)> {
    let mut sections: Vec<Section<'a>> = Vec::new();
    while let Some((range, line)) = lines.next() {
        if let Some((fence, info)) = opening(line) {
            let text = lines
                .until_fence(fence)
                .ok_or((range.clone(), "the block does not end"))?;
            if let Some(section) = sections.last_mut() {
                section.blocks.push(Block { info, range, text });
            }
        } else if let Some((level, title)) = heading(line) {
            sections.push(Section {
                level,
                title,
                range,
                has_text: false,
                blocks: Vec::new(),
            });
        } else if let Some(section) = sections.last_mut() {
            section.has_text |= !line.trim().is_empty();
        }
    }
    Ok(sections)
}

/// A fence of at least three backquotes, and what stands behind it.
fn opening(line: &str) -> Option<(&str, &str)> {
    let info = line.trim_start_matches('`');
    let fence = line.get(..line.len() - info.len())?;
    (fence.len() >= 3 && !info.contains('`')).then(|| (fence, info.trim()))
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let title = line.trim_start_matches('#');
    let level = line.len() - title.len();
    let title = title.strip_prefix(' ')?;
    (1..=6).contains(&level).then(|| (level, title.trim()))
}

/// Lines of a text with the ranges that they stand at.
struct Lines<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The text up to a closing fence.
    fn until_fence(&mut self, fence: &str) -> Option<&'a str> {
        let start = self.at;
        for (range, line) in self.by_ref() {
            let rest = line.trim_end().strip_prefix(fence);
            if rest.is_some_and(|rest| rest.chars().all(|c| c == '`')) {
                return self.text.get(start..range.start);
            }
        }
        None
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = (Range<usize>, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let start = self.at;
        self.at += length;
        let line = rest.get(..length)?.trim_end_matches(['\n', '\r']);
        Some((start..start + line.len(), line))
    }
}

/// The text without the marks of its examples; a line that holds nothing else goes with its mark.
pub(super) fn without_marks(body: &str) -> String {
    let mut fence: Option<&str> = None;
    let mut clean = String::with_capacity(body.len());
    for line in body.lines() {
        match fence {
            None => fence = opening(line).map(|(fence, _)| fence),
            Some(open) if line.starts_with(open) => fence = None,
            Some(_) => {
                if let Some((code, _)) = line.split_once(MARK) {
                    if !code.trim().is_empty() {
                        clean.push_str(code.trim_end());
                        clean.push('\n');
                    }
                    continue;
                }
            }
        }
        clean.push_str(line);
        clean.push('\n');
    }
    clean
}

/// The rules that the marks of an example name, in order.
pub(super) fn marks(example: &str) -> impl Iterator<Item = Name> + '_ {
    example.lines().filter_map(|line| {
        let (_, mark) = line.split_once(MARK)?;
        let rule = mark.trim_start_matches(['^', '?']).trim_start();
        Some(rule.split_whitespace().next().unwrap_or("").into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const FILE: &str = "```toml\nid = 1\n```\n\n# Title\n\nWhy.\n\n## Flagged\n\n```ts a.ts\nf(); //~ x\n//~^ x \"a\"\n# no heading\n```\n";

    #[test]
    fn a_file_is_cut_into_its_parts() {
        let document = Document::parse(FILE).unwrap_or_else(|(_, e)| panic!("{e}"));
        assert_eq!(FILE.get(document.definition.clone()), Some("id = 1\n"));
        let titles: Vec<_> = document
            .sections
            .iter()
            .map(|s| (s.level, s.title, s.has_text))
            .collect();
        assert_eq!(titles, [(1, "Title", true), (2, "Flagged", false)]);
        let blocks = document.section("Flagged").map_or(&[][..], |s| &s.blocks);
        let blocks: Vec<_> = blocks.iter().map(|b| (b.info, b.text)).collect();
        assert_eq!(
            blocks,
            [("ts a.ts", "f(); //~ x\n//~^ x \"a\"\n# no heading\n")]
        );
    }

    #[test]
    fn marks_are_read_and_taken_out() {
        assert_eq!(
            marks("f(); //~ x\n//~^^ y \"a\"\n//~? z").collect::<Vec<_>>(),
            ["x", "y", "z"]
        );
        assert_eq!(
            without_marks("a //~ x\n```ts\nf(); //~ x\n  //~^ x\ng();\n```\n"),
            "a //~ x\n```ts\nf();\ng();\n```\n"
        );
    }

    #[test]
    fn broken_files_say_where() {
        let error = |text| Document::parse(text).err().map(|(_, message)| message);
        assert!(error("# Title").is_some_and(|m| m.contains("begins with")));
        assert!(error("").is_some());
        assert!(error("```toml\n").is_some_and(|m| m.contains("does not end")));
        assert!(
            error("```toml\n```\n# T\n```ts a\n").is_some_and(|m| m.contains("block does not end"))
        );
    }

    proptest! {
        #[test]
        fn any_text_is_cut_or_refused(text in "(```toml\n|```\n|````|# a\n|//~|é|\r\n|x){0,16}") {
            let _ = Document::parse(&text);
            without_marks(&text);
            prop_assert!(marks(&text).count() <= text.lines().count());
        }
    }
}
