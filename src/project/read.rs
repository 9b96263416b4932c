//! Reads one file, or says why not.
//!
//! What belongs here: limits and what makes a text unfit for analysis. What may not enter: which files are read.

use super::{FileGap, paths};
use crate::model::GapKind;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

/// The largest file that is read.
pub(super) const LIMIT: u64 = 1 << 20;

/// A line this long is not written by hand,
const LONG_LINE: usize = 5_000;
/// if the lines of the file are this long on average
const LONG_AVERAGE: usize = 300;
/// and there is more than a snippet of it.
const LONG_FILE: usize = 20_000;
/// A file with this many lines of ordinary length is code with data in it, such as an image.
const ORDINARY_CODE: usize = 100;
const ORDINARY_LINE: usize = 300;

/// The text of a file.
pub(super) fn text(path: &str, absolute: &Path) -> Result<String, FileGap> {
    let gap = |kind, message: &str| FileGap::new(path.to_owned(), kind, message);
    let failed = |error: std::io::Error| gap(GapKind::Unreadable, &error.kind().to_string());
    let meta = fs::symlink_metadata(absolute).map_err(failed)?;
    if !meta.is_file() {
        return Err(gap(GapKind::Link, "no regular file"));
    }
    let too_large = || gap(GapKind::TooLarge, "larger than 1 MiB");
    if meta.len() > LIMIT {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0) + 1);
    let file = File::open(absolute).map_err(failed)?;
    file.take(LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > LIMIT {
        return Err(too_large());
    }
    if bytes.iter().take(8_192).any(|byte| *byte == 0) {
        return Err(gap(GapKind::NotUtf8, "binary"));
    }
    String::from_utf8(bytes).map_err(|_| gap(GapKind::NotUtf8, "not UTF-8"))
}

/// The text of a source file that people write.
pub(super) fn source(path: &str, absolute: &Path) -> Result<String, FileGap> {
    let text = text(path, absolute)?;
    if is_minified(path, &text) {
        return Err(FileGap::new(
            path.to_owned(),
            GapKind::Generated,
            "minified",
        ));
    }
    Ok(text)
}

fn is_minified(path: &str, text: &str) -> bool {
    let stem = paths::name(path)
        .strip_suffix(paths::extension(path))
        .unwrap_or("");
    if stem.ends_with(".min.") {
        return true;
    }
    if text.len() <= LONG_FILE {
        return false;
    }
    let (mut lines, mut longest, mut ordinary) = (0, 0, 0);
    for line in text.lines() {
        lines += 1;
        longest = longest.max(line.len());
        ordinary += usize::from((1..ORDINARY_LINE).contains(&line.len()));
    }
    let dense = longest > LONG_LINE && text.len() / lines.max(1) > LONG_AVERAGE;
    dense && ordinary < ORDINARY_CODE
}

#[cfg(test)]
mod tests {
    use super::is_minified;

    #[test]
    fn bundles_are_told_from_code_with_one_long_line() {
        assert!(is_minified("a/jquery.min.js", ""));
        assert!(!is_minified("a/min.js", ""));
        let bundle = "a".repeat(30_000);
        assert!(is_minified("a.js", &bundle));
        let code = format!(
            "{}\nconst data = \"{bundle}\";\n",
            "const x = 1;\n".repeat(100)
        );
        assert!(!is_minified("a.js", &code));
    }
}
