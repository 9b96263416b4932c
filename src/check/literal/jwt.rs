//! The readable parts of a JSON Web Token.

/// Header and payload of a token, one after the other; `None` if either is not base64url text of an object.
pub(super) fn decode(token: &str) -> Option<String> {
    let mut parts = token.split('.');
    let mut text = String::new();
    for part in [parts.next()?, parts.next()?] {
        let part = String::from_utf8(base64(part)?).ok()?;
        if !part.starts_with('{') || !part.trim_end().ends_with('}') {
            return None;
        }
        text.push_str(&part);
    }
    Some(text)
}

/// Decodes base64url without padding.
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut held) = (0u32, 0u32);
    for byte in text.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFFF;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xFF).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn header_and_payload_are_read() {
        // {"alg":"HS256"} and {"sub":"1"}
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x";
        assert_eq!(
            decode(token).as_deref(),
            Some(r#"{"alg":"HS256"}{"sub":"1"}"#)
        );
        assert_eq!(decode("eyJhbGciOiJIUzI1NiJ9"), None);
        assert_eq!(decode("abc.def.ghi"), None);
        assert_eq!(decode("%.%"), None);
    }
}
