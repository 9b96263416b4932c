//! What a rule file must satisfy beyond its format, so that readers and matchers can use it.

use super::definition::{CaseDefinition, Definition};
use super::example::{self, Example};
use super::markdown::{Document, Section};
use super::{Case, Matcher, Template};
use crate::model::Name;
use crate::source::{LineTable, Problem};
use std::ops::Range;
use toml::Spanned;

/// Headings that every rule has, each with something below it.
const SECTIONS: [&str; 5] = [
    "Why it matters",
    "What to do instead",
    "What it doesn't see",
    example::FLAGGED,
    example::ACCEPTED,
];

/// Collects what is wrong with one file.
pub(super) struct Checks<'a> {
    path: &'a str,
    text: &'a str,
    /// Where the definition begins; its spans count from there.
    base: usize,
    problems: Vec<Problem>,
}

impl<'a> Checks<'a> {
    pub(super) fn new(path: &'a str, text: &'a str, base: usize) -> Self {
        Self {
            path,
            text,
            base,
            problems: Vec::new(),
        }
    }

    /// The problems that were found, if there are any.
    pub(super) fn finish(self) -> Result<(), Vec<Problem>> {
        if self.problems.is_empty() {
            return Ok(());
        }
        Err(self.problems)
    }

    /// A problem in the definition.
    fn defined(&mut self, span: &Range<usize>, message: impl Into<String>) {
        self.at(self.base + span.start..self.base + span.end, message);
    }

    /// A problem anywhere in the file.
    fn at(&mut self, range: Range<usize>, message: impl Into<String>) {
        self.problems
            .push(Problem::new(self.path, self.text, range, message));
    }

    /// The keys at the top of the definition.
    pub(super) fn header(&mut self, definition: &Definition) {
        self.id(&definition.id, &definition.cases);
        if definition.languages.get_ref().is_empty() {
            let span = definition.languages.span();
            self.defined(&span, "a rule reads at least one language");
        }
        if let Some(severity) = &definition.security_severity {
            let number = severity.get_ref().parse::<f32>();
            if !number.is_ok_and(|number| (0.0..=10.0).contains(&number)) {
                let message = "security-severity is a number from 0.0 to 10.0, as a text";
                self.defined(&severity.span(), message);
            }
        }
        for (language, phrases) in &definition.directives {
            if language.get_ref().len() != 2 || !is_kebab_case(language.get_ref()) {
                let message = "a language is two lower-case letters: en, fr, ...";
                self.defined(&language.span(), message);
            }
            let mut phrases_read = phrases.get_ref().iter();
            if phrases_read.any(|phrase| phrase.trim().is_empty()) {
                self.defined(&phrases.span(), "a phrase is empty");
            }
        }
    }

    fn id(&mut self, id: &Spanned<Name>, cases: &[Spanned<CaseDefinition>]) {
        let span = id.span();
        let id = id.get_ref();
        let file = self.path.rsplit('/').next().unwrap_or("");
        if file.strip_suffix(".md") != Some(id.as_str()) {
            let message = format!("the file of `{id}` must be called {id}.md");
            self.defined(&span, message);
        }
        if !is_kebab_case(id) {
            self.defined(&span, "an id is lower-case words joined by `-`");
        }
        if cases.is_empty() {
            self.defined(&span, "a rule has at least one [[case]]");
        }
    }

    /// The cases, each with one matcher and a message that the matcher can fill in.
    pub(super) fn cases(&mut self, cases: Vec<Spanned<CaseDefinition>>) -> Vec<Case> {
        let mut read = Vec::new();
        for case in cases {
            let span = case.span();
            let case = case.into_inner();
            let mut matchers = [
                case.endpoint.map(Matcher::Endpoint),
                case.flow.map(Matcher::Flow),
                case.call.map(Matcher::Call),
                case.literal.map(Matcher::Literal),
            ]
            .into_iter()
            .flatten();
            let (Some(matcher), None) = (matchers.next(), matchers.next()) else {
                let message = "a case has one matcher: endpoint, flow, call or literal";
                self.defined(&span, message);
                continue;
            };
            if let Err(message) = matcher.check() {
                self.defined(&span, message);
            }
            match Template::parse(case.message.get_ref(), matcher.placeholders()) {
                Ok(message) => read.push(Case {
                    severity: case.severity,
                    confidence: case.confidence,
                    profile: case.profile,
                    message,
                    help: case.help,
                    matcher,
                }),
                Err(message) => self.defined(&case.message.span(), message),
            }
        }
        read
    }

    /// The title, and the sections that every rule has.
    pub(super) fn sections(&mut self, document: &Document<'_>, definition: &Definition) {
        let title = definition.title.get_ref();
        let first = document.sections.first();
        match first.filter(|first| first.level == 1 && first.title == title.as_str()) {
            Some(first) if first.has_text => {}
            Some(first) => {
                let message = "the first section says what the rule looks for";
                self.at(first.range.clone(), message);
            }
            None => {
                let message = format!("the text begins with a heading \"# {title}\"");
                self.defined(&definition.title.span(), message);
            }
        }
        let mut order = Vec::new();
        for title in SECTIONS {
            let wanted = |section: &Section<'_>| section.level == 2 && section.title == title;
            let Some(index) = document.sections.iter().position(wanted) else {
                self.at(0..0, format!("there is no section \"## {title}\""));
                continue;
            };
            order.push(index);
            let section = document.sections.get(index);
            if let Some(empty) = section.filter(|s| !s.has_text && s.blocks.is_empty()) {
                self.at(empty.range.clone(), "the section is empty");
            }
        }
        if !order.is_sorted() {
            let message = format!("the sections stand in this order: {}", SECTIONS.join(", "));
            self.at(0..0, message);
        }
    }

    /// The examples, of which there is one of either kind in every language.
    pub(super) fn examples(
        &mut self,
        document: &Document<'_>,
        definition: &Definition,
    ) -> Vec<Example> {
        let lines = LineTable::new(self.text);
        let id = definition.id.get_ref();
        let mut examples = Vec::new();
        for (title, flagged) in [(example::FLAGGED, true), (example::ACCEPTED, false)] {
            let Some(section) = document.section(title) else {
                continue;
            };
            for block in &section.blocks {
                match example::read(block, flagged, id, &lines) {
                    Ok(example) => examples.push(example),
                    Err(message) => self.at(block.range.clone(), message),
                }
            }
            for language in definition.languages.get_ref() {
                let shown = |e: &Example| e.flagged == flagged && e.language == *language;
                if !examples.iter().any(shown) {
                    let message = format!("there is no example in {language:?}");
                    self.at(section.range.clone(), message);
                }
            }
        }
        examples
    }
}

fn is_kebab_case(id: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    id.split('-').all(word)
}
