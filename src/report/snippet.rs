//! Pages of code for codespan-reporting: only the lines that are shown, safe for a terminal, long lines cut.

use super::safe::{Redactor, first_line, floor, push_visible, visible};
use crate::source::{FileId, Location, SourceFile, SourceMap};
use codespan_reporting::diagnostic::{Label, LabelStyle};
use codespan_reporting::files::{Error, Files};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::ops::Range;

/// Something to point at.
pub(super) struct Pointer {
    pub(super) at: Location,
    pub(super) style: LabelStyle,
    pub(super) message: String,
}

/// The pages of one finding; a page is a file with only the lines that are pointed at.
#[derive(Default)]
pub(super) struct Pages(Vec<Page>);

#[derive(Default)]
struct Page {
    name: String,
    text: String,
    /// By line index of the file: where the line stands in `text`.
    lines: BTreeMap<usize, Range<usize>>,
    /// Line index by where the line starts in `text`.
    starts: Vec<(usize, usize)>,
    /// Columns in the file of what is pointed at, by offset in `text`.
    columns: FxHashMap<usize, usize>,
}

/// How pages are laid out.
pub(super) struct Layout<'a> {
    pub(super) sources: &'a SourceMap,
    pub(super) redactor: &'a Redactor<'a>,
    /// Lines with more bytes are cut.
    pub(super) width: usize,
}

impl Layout<'_> {
    /// Lays out the lines that are pointed at.
    pub(super) fn pages(&self, pointers: Vec<Pointer>) -> (Pages, Vec<Label<usize>>) {
        let mut by_file: Vec<(FileId, BTreeMap<u32, Vec<Pointer>>)> = Vec::new();
        for pointer in pointers {
            let file = pointer.at.file;
            let line = self.sources.get(file).lines.line(pointer.at.span.start);
            let index = by_file.iter().position(|(id, _)| *id == file);
            let index = index.unwrap_or_else(|| {
                by_file.push((file, BTreeMap::new()));
                by_file.len() - 1
            });
            if let Some((_, lines)) = by_file.get_mut(index) {
                lines.entry(line).or_default().push(pointer);
            }
        }
        let mut pages = Pages::default();
        let mut labels = Vec::new();
        for (file, lines) in by_file {
            let mut page = Page {
                name: visible(&self.sources.get(file).path),
                ..Page::default()
            };
            for (line, pointers) in with_neighbours(lines) {
                let ranges = self.add(&mut page, file, line, &pointers);
                for (pointer, range) in pointers.into_iter().zip(ranges) {
                    let label = Label::new(pointer.style, pages.0.len(), range);
                    labels.push(label.with_message(pointer.message));
                }
            }
            pages.0.push(page);
        }
        (pages, labels)
    }

    /// Adds a line to a page, and returns where the pointers stand on it.
    fn add(
        &self,
        page: &mut Page,
        file: FileId,
        line: u32,
        pointers: &[Pointer],
    ) -> Vec<Range<usize>> {
        let source = self.sources.get(file);
        let whole = source.lines.range(&source.text, line);
        let longest = if whole.len() > self.width {
            self.width / 4
        } else {
            whole.len()
        };
        let ranges: Vec<Range<usize>> = pointers
            .iter()
            .map(|pointer| {
                let range = first_line(source, pointer.at.span);
                range.start..floor(&source.text, range.end.min(range.start + longest))
            })
            .collect();
        let cut = self.cut(file, source, &whole, &ranges);
        let base = page.text.len();
        let index = line as usize - 1;
        page.starts.push((base, index));
        page.text.push_str(&cut.text);
        page.lines.insert(index, base..page.text.len());
        page.text.push('\n');
        let mut found = Vec::with_capacity(ranges.len());
        for (pointer, range) in pointers.iter().zip(&ranges) {
            let shown = cut.find(range);
            let shown = base + shown.start..base + shown.end;
            let position = source.lines.position(&source.text, pointer.at.span.start);
            page.columns.insert(shown.start, position.column as usize);
            found.push(shown);
        }
        found
    }

    fn cut(
        &self,
        file: FileId,
        source: &SourceFile,
        whole: &Range<usize>,
        ranges: &[Range<usize>],
    ) -> Cut {
        let mut cut = Cut::default();
        let mut shown_to = whole.start;
        for window in windows(&source.text, whole, ranges, self.width) {
            if window.start > shown_to {
                cut.text.push('…');
            }
            let hidden = self.redactor.hidden(file, source, &window);
            cut.show(&source.text, &window, hidden);
            shown_to = window.end;
        }
        if shown_to < whole.end {
            cut.text.push('…');
        }
        cut
    }
}

/// Adds the single lines between two lines: codespan shows those.
fn with_neighbours(mut lines: BTreeMap<u32, Vec<Pointer>>) -> BTreeMap<u32, Vec<Pointer>> {
    let between: Vec<u32> = lines
        .keys()
        .zip(lines.keys().skip(1))
        .filter(|(a, b)| *b - *a == 2)
        .map(|(a, _)| a + 1)
        .collect();
    lines.extend(between.into_iter().map(|line| (line, Vec::new())));
    lines
}

/// A line as it is shown.
#[derive(Default)]
struct Cut {
    text: String,
    /// Which offset of the file has come to lie at which offset of the text, rising.
    map: Vec<(usize, usize)>,
}

impl Cut {
    fn show(&mut self, text: &str, window: &Range<usize>, hidden: Vec<Range<usize>>) {
        let mut at = window.start;
        for hidden in hidden {
            if hidden.end <= at {
                continue;
            }
            let start = hidden.start.max(at);
            self.show_text(text, at..start);
            self.map.push((start, self.text.len()));
            self.text.push_str(Redactor::mark());
            at = hidden.end.min(window.end);
            self.map.push((at, self.text.len()));
        }
        self.show_text(text, at..window.end);
        self.map.push((window.end, self.text.len()));
    }

    fn show_text(&mut self, text: &str, range: Range<usize>) {
        for (at, c) in text.get(range.clone()).unwrap_or("").char_indices() {
            self.map.push((range.start + at, self.text.len()));
            push_visible(&mut self.text, c, true);
        }
    }

    /// Where a range of the file is shown; a part of a secret is the whole mark that stands for it.
    fn find(&self, range: &Range<usize>) -> Range<usize> {
        let before = self.map.partition_point(|(at, _)| *at <= range.start);
        let start = before
            .checked_sub(1)
            .and_then(|index| self.map.get(index))
            .map_or(0, |(_, shown)| *shown);
        let after = self.map.partition_point(|(at, _)| *at < range.end);
        let end = self.map.get(after).map_or(start, |(_, shown)| *shown);
        start..end.max(start)
    }
}

/// The parts of a line that are shown: all of a short one, else what is around the pointers.
fn windows(
    text: &str,
    whole: &Range<usize>,
    ranges: &[Range<usize>],
    width: usize,
) -> Vec<Range<usize>> {
    if whole.len() <= width {
        return vec![whole.clone()];
    }
    let side = width / 4;
    let mut windows: Vec<Range<usize>> = ranges
        .iter()
        .map(|range| {
            let start = range.start.saturating_sub(side).max(whole.start);
            let end = (range.end + side).min(whole.end);
            floor(text, start)..floor(text, end)
        })
        .collect();
    if windows.is_empty() {
        windows.push(whole.start..floor(text, whole.start + width));
    }
    windows.sort_unstable_by_key(|window| (window.start, window.end));
    let mut out: Vec<Range<usize>> = Vec::new();
    for window in windows {
        match out.last_mut() {
            Some(last) if window.start <= last.end => last.end = last.end.max(window.end),
            _ => out.push(window),
        }
    }
    out
}

impl<'a> Files<'a> for Pages {
    type FileId = usize;
    type Name = &'a str;
    type Source = &'a str;

    fn name(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.page(id)?.name)
    }

    fn source(&'a self, id: usize) -> Result<&'a str, Error> {
        Ok(&self.page(id)?.text)
    }

    fn line_index(&'a self, id: usize, byte: usize) -> Result<usize, Error> {
        let starts = &self.page(id)?.starts;
        let index = starts.partition_point(|(start, _)| *start <= byte);
        let line = index.checked_sub(1).and_then(|index| starts.get(index));
        Ok(line.map_or(0, |(_, line)| *line))
    }

    fn line_range(&'a self, id: usize, line: usize) -> Result<Range<usize>, Error> {
        let lines = &self.page(id)?.lines;
        lines.get(&line).cloned().ok_or(Error::LineTooLarge {
            given: line,
            max: lines.len(),
        })
    }

    fn column_number(&'a self, id: usize, _: usize, byte: usize) -> Result<usize, Error> {
        Ok(self.page(id)?.columns.get(&byte).copied().unwrap_or(1))
    }
}

impl Pages {
    fn page(&self, id: usize) -> Result<&Page, Error> {
        self.0.get(id).ok_or(Error::FileMissing)
    }
}
