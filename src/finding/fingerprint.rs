//! What makes a finding the same finding in the next version of the code.

use super::Finding;
use crate::model::Name;
use crate::source::SourceMap;
use rustc_hash::FxHashMap;

/// How many UTF-16 units GitHub's line hash looks at, from the start of the line on.
const WINDOW: usize = 100;
/// Base of its polynomial, modulo 2^64.
const BASE: u64 = 37;
/// Stands for the end of the file.
const END: u16 = 0xFFFF;

/// For each line GitHub's hash, and how often that hash has occurred so far in the file.
pub type LineHashes = Vec<(u64, u32)>;

/// GitHub's `primaryLocationLineHash` of every line of a file, as `github/codeql-action` computes it for results
/// that have none: a polynomial over the next 100 UTF-16 units, spaces and tabs left out, line ends made `\n`.
#[must_use]
pub fn line_hashes(text: &str) -> LineHashes {
    let units = normalised(text);
    let at = |index: usize| u64::from(units.get(index).copied().unwrap_or(0));
    let leaving = BASE.wrapping_pow(u32::try_from(WINDOW).unwrap_or(0));
    let mut hash = (0..WINDOW).fold(0_u64, |hash, index| {
        hash.wrapping_mul(BASE).wrapping_add(at(index))
    });
    let mut seen: FxHashMap<u64, u32> = FxHashMap::default();
    let mut lines = Vec::new();
    let mut starts_line = true;
    for index in 0..units.len() {
        if starts_line {
            let count = seen.entry(hash).or_default();
            *count += 1;
            lines.push((hash, *count));
        }
        starts_line = at(index) == u64::from(b'\n');
        hash = hash
            .wrapping_mul(BASE)
            .wrapping_add(at(index + WINDOW))
            .wrapping_sub(leaving.wrapping_mul(at(index)));
    }
    lines
}

/// UTF-16 units without spaces and tabs, with `\n` for every line end, and the mark of the end.
fn normalised(text: &str) -> Vec<u16> {
    let mut units = Vec::with_capacity(text.len() + 1);
    let mut after_cr = false;
    for unit in text.encode_utf16() {
        let skipped = unit == u16::from(b' ')
            || unit == u16::from(b'\t')
            || (after_cr && unit == u16::from(b'\n'));
        after_cr = unit == u16::from(b'\r') && !skipped;
        if !skipped {
            units.push(if after_cr { u16::from(b'\n') } else { unit });
        }
    }
    units.push(END);
    units
}

/// Gives each finding its `backlint/v1` fingerprint: rule, path, enclosing symbol, text at the primary location with
/// its white space folded, and which of several equal ones it is. What is written elsewhere, and on which line it
/// stands, has no part in it. The findings must be sorted.
pub(super) fn assign(findings: &mut [Finding], sources: &SourceMap) {
    let mut seen: FxHashMap<u128, u32> = FxHashMap::default();
    for finding in findings {
        let file = sources.get(finding.primary.file);
        let mut hash = Fnv::new();
        hash.field(&finding.rule);
        hash.field(&file.path);
        hash.field(&finding.symbol);
        for word in finding.primary.span.text(&file.text).split_whitespace() {
            hash.field(word);
        }
        let ordinal = seen.entry(hash.0).or_default();
        hash.field(&ordinal.to_string());
        *ordinal += 1;
        finding.fingerprint = Name::from(format!("{:032x}", hash.0));
    }
}

/// FNV-1a with 128 bits: stable over versions and platforms, which the hashers of the standard library are not.
struct Fnv(u128);

impl Fnv {
    const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

    fn new() -> Self {
        Self(Self::OFFSET)
    }

    /// Adds a text and a byte that cannot occur in one, so that neighbours don't run into each other.
    fn field(&mut self, text: &str) {
        for byte in text.bytes().chain([0xFF]) {
            self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(Self::PRIME);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hashes(text: &str) -> Vec<String> {
        line_hashes(text)
            .iter()
            .map(|(hash, count)| format!("{hash:x}:{count}"))
            .collect()
    }

    #[test]
    fn the_end_of_the_file_is_a_line() {
        assert_eq!(hashes(""), ["c129715d7a2bc9a3:1"]);
    }

    #[test]
    fn white_space_does_not_count() {
        let expected = [
            "271789c17abda88f:1",
            "54703d4cd895b18:1",
            "180aee12dab6264:1",
            "a23a3dc5e078b07b:1",
        ];
        assert_eq!(hashes(" a\nb\n  \t\tc\n d"), expected);
        assert_eq!(hashes("a\r\nb\rc\t\n  d "), expected);
    }

    #[test]
    fn line_ends_of_every_kind() {
        assert_eq!(
            hashes(" hello; \t\nworld!!!\n\n\n  \t\tGreetings\n End"),
            [
                "8b7cf3e952e7aeb2:1",
                "b1ae1287ec4718d9:1",
                "bff680108adb0fcc:1",
                "c6805c5e1288b612:1",
                "b86d3392aea1be30:1",
                "e6ceba753e1a442:1",
            ]
        );
        assert_eq!(
            hashes(" hello; \t\nworld!!!\r\n\n\r  \t\tGreetings\r End\r\n"),
            [
                "e9496ae3ebfced30:1",
                "fb7c023a8b9ccb3f:1",
                "ce8ba1a563dcdaca:1",
                "e20e36e16fcb0cc8:1",
                "b3edc88f2938467e:1",
                "c8e28b0b4002a3a0:1",
                "c129715d7a2bc9a3:1",
            ]
        );
    }

    #[test]
    fn equal_windows_are_counted() {
        let text = "Lorem ipsum dolor sit amet.\n".repeat(10);
        assert_eq!(
            hashes(&text),
            [
                "a7f2ff13bc495cf2:1",
                "a7f2ff13bc495cf2:2",
                "a7f2ff13bc495cf2:3",
                "a7f2ff13bc495cf2:4",
                "a7f2ff13bc495cf2:5",
                "a7f2ff13bc495cf2:6",
                "a7f2ff1481e87703:1",
                "a9cf91f7bbf1862b:1",
                "55ec222b86bcae53:1",
                "cc97dc7b1d7d8f7b:1",
                "c129715d7a2bc9a3:1",
            ]
        );
    }

    #[test]
    fn what_follows_within_the_window_counts() {
        assert_eq!(
            hashes("x = 2\nx = 1\nprint(x)\nx = 3\nprint(x)\nx = 4\nprint(x)\n"),
            [
                "e54938cc54b302f1:1",
                "bb609acbe9138d60:1",
                "1131fd5871777f34:1",
                "5c482a0f8b35ea28:1",
                "54517377da7028d2:1",
                "2c644846cb18d53e:1",
                "f1b89f20de0d133:1",
                "c129715d7a2bc9a3:1",
            ]
        );
    }
}
