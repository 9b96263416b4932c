//! JSON as tools write it for themselves: with comments, trailing commas and a byte order mark.
//!
//! What belongs here: making such a text plain JSON without moving a byte, so that lines in errors stay true.
//! What may not enter: what the text means.

use serde_json::Value;

/// Reads JSON with comments and trailing commas; the error carries the line in the original text.
pub(super) fn parse(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_slice(&strip(text))
}

/// Blanks comments, trailing commas and the byte order mark; every other byte stays where it is.
fn strip(text: &str) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    if text.starts_with('\u{feff}') {
        blank(&mut bytes, 0..3);
    }
    let mut at = 0;
    let mut comma = None;
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        if rest.starts_with(b"//") || rest.starts_with(b"/*") {
            let end = at + comment_length(rest);
            blank(&mut bytes, at..end);
            at = end;
            continue;
        }
        match byte {
            b'"' => {
                comma = None;
                at += string_length(rest);
                continue;
            }
            b',' => comma = Some(at),
            b']' | b'}' => {
                if let Some(comma) = comma.take() {
                    blank(&mut bytes, comma..comma + 1);
                }
            }
            _ if byte.is_ascii_whitespace() => {}
            _ => comma = None,
        }
        at += 1;
    }
    bytes
}

fn blank(bytes: &mut [u8], range: std::ops::Range<usize>) {
    for byte in bytes.get_mut(range).unwrap_or_default() {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

fn comment_length(rest: &[u8]) -> usize {
    if rest.starts_with(b"//") {
        rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len())
    } else {
        let body = rest.get(2..).unwrap_or_default();
        body.windows(2)
            .position(|pair| pair == b"*/")
            .map_or(rest.len(), |end| end + 4)
    }
}

/// Length of the string literal at the start of `rest`, both quotes included.
fn string_length(rest: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = rest.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_trailing_commas_are_looked_over() {
        let text = "\u{feff}{ // a\n \"x\": [1, 2, /* b */ ],\n \"u\": \"http://y/*z*/\", \"q\": \"\\\",}\",\n}";
        let value = parse(text).unwrap_or_default();
        assert_eq!(value["x"], serde_json::json!([1, 2]));
        assert_eq!(value["u"], "http://y/*z*/");
        assert_eq!(value["q"], "\",}");
    }

    #[test]
    fn errors_keep_their_line() {
        let error = parse("{\n/*\n*/\n\"a\": x\n}").err();
        assert_eq!(error.map(|e| e.line()), Some(4));
    }

    #[test]
    fn an_open_comment_or_string_ends_with_the_text() {
        assert!(parse("{} /*").is_ok());
        assert!(parse("{\"a").is_err());
        assert!(parse("{\"a\\").is_err());
    }
}
