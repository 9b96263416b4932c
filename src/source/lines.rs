//! Lines and columns of a text.

/// A 1-based line and a 1-based column in UTF-16 code units (SARIF 2.1.0, 3.14.11: `utf16CodeUnits`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-16 code units, from 1.
    pub column: u32,
}

/// Bytes between two remembered counts of UTF-16 units.
const STRIDE: usize = 1024;

/// The byte offsets at which the lines of a text start.
#[derive(Debug, Clone, Default)]
pub struct LineTable {
    starts: Vec<u32>,
    /// UTF-16 units before each multiple of [`STRIDE`], so that a column in a line of a megabyte costs no megabyte.
    units: Vec<u32>,
}

impl LineTable {
    /// Finds the lines of `text`; `\n`, `\r\n` and a lone `\r` end a line.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (at, byte) in bytes.iter().enumerate() {
            let ends = *byte == b'\n' || (*byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'));
            if ends {
                starts.push(u32::try_from(at + 1).unwrap_or(u32::MAX));
            }
        }
        let mut units = Vec::with_capacity(bytes.len() / STRIDE + 1);
        let mut sum = 0;
        for chunk in bytes.chunks(STRIDE) {
            units.push(sum);
            sum += utf16_units(chunk);
        }
        Self { starts, units }
    }

    /// How many lines there are; a final line break starts one more, empty line.
    #[must_use]
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The 1-based line that holds the byte offset.
    #[must_use]
    pub fn line(&self, offset: u32) -> u32 {
        u32::try_from(self.starts.partition_point(|start| *start <= offset)).unwrap_or(u32::MAX)
    }

    /// Byte range of a 1-based line, without its line break.
    #[must_use]
    pub fn range(&self, text: &str, line: u32) -> std::ops::Range<usize> {
        let index = (line as usize).saturating_sub(1);
        let start = self.starts.get(index).map_or(text.len(), |at| *at as usize);
        let end = self
            .starts
            .get(index + 1)
            .map_or(text.len(), |at| *at as usize);
        let body = text
            .get(start..end)
            .unwrap_or("")
            .trim_end_matches(['\n', '\r']);
        start..start + body.len()
    }

    /// Line and UTF-16 column of a byte offset; an offset inside a character counts as that character's start.
    #[must_use]
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.line(offset);
        let start = self
            .starts
            .get((line as usize).saturating_sub(1))
            .copied()
            .unwrap_or(0) as usize;
        let mut end = (offset as usize).min(text.len());
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let units = self
            .units_before(text, end)
            .saturating_sub(self.units_before(text, start));
        Position {
            line,
            column: units + 1,
        }
    }

    /// UTF-16 units in front of a byte offset.
    fn units_before(&self, text: &str, offset: usize) -> u32 {
        let block = (offset / STRIDE).min(self.units.len().saturating_sub(1));
        let rest = text.as_bytes().get(block * STRIDE..offset).unwrap_or(&[]);
        self.units.get(block).copied().unwrap_or(0) + utf16_units(rest)
    }
}

/// UTF-16 units that begin in a piece of UTF-8; what the first bytes of a character count is independent of the cut.
fn utf16_units(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .map(|byte| u32::from(byte & 0xC0 != 0x80) + u32::from(*byte >= 0xF0))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_utf16_units() {
        let text = "a\r\né𝄞x\ny";
        let table = LineTable::new(text);
        let at = |needle: char| {
            text.find(needle)
                .map(|n| table.position(text, u32::try_from(n).unwrap_or(0)))
        };
        assert_eq!(at('x'), Some(Position { line: 2, column: 4 }));
        assert_eq!(at('y'), Some(Position { line: 3, column: 1 }));
        assert_eq!(table.range(text, 2), 3..3 + "é𝄞x".len());
    }

    #[test]
    fn columns_far_into_a_line_are_right() {
        let text = format!("x\n{}y", "é𝄞ab".repeat(3000));
        let table = LineTable::new(&text);
        let at = u32::try_from(text.len() - 1).unwrap_or(0);
        assert_eq!(
            table.position(&text, at),
            Position {
                line: 2,
                column: 3000 * 5 + 1
            }
        );
    }
}
