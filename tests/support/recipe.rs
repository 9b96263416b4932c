//! Credentials that are made up while a test runs, from recipes such as `ghp_{alnum:36}`.
//!
//! A key that looks real in a file of the repository would be blocked where it is pushed to; so files hold recipes. The same
//! recipe always makes the same text.

/// Expands the `{class:N}`, `{jwt}` and `{jwt:claim=value}` parts of a recipe; everything else stays as it is.
pub(crate) fn expand(recipe: &str) -> String {
    let mut random = Random::new(recipe);
    let mut text = String::new();
    let mut rest = recipe;
    while let Some(start) = rest.find('{') {
        let (before, part) = rest.split_at(start);
        text.push_str(before);
        let made = part
            .find('}')
            .and_then(|end| Some((make(&part[1..end], &mut random)?, end)));
        match made {
            Some((made, end)) => {
                text.push_str(&made);
                rest = &part[end + 1..];
            }
            None => {
                text.push('{');
                rest = &part[1..];
            }
        }
    }
    text + rest
}

/// Expands every `@@recipe@@` of a fixture's text.
#[allow(dead_code, reason = "only fixtures hold marks")]
pub(crate) fn expand_marks(text: &str) -> String {
    text.split("@@")
        .enumerate()
        .map(|(index, part)| {
            if index % 2 == 1 {
                expand(part)
            } else {
                part.to_owned()
            }
        })
        .collect()
}

/// What one part of a recipe makes; `None` if it is no part of one.
fn make(part: &str, random: &mut Random) -> Option<String> {
    if part == "jwt" || part.starts_with("jwt:") {
        let claim = part
            .strip_prefix("jwt:")
            .and_then(|claim| claim.split_once('='));
        return Some(token(claim, random));
    }
    let (class, length) = part.split_once(':')?;
    let length: usize = length.parse().ok()?;
    let alphabet = match class {
        "alnum" => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        "base64" => "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
        "bech32" => "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
        "hex" => "0123456789abcdef",
        "upper" => "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "lower" => "abcdefghijklmnopqrstuvwxyz",
        "digits" => "0123456789",
        _ => return None,
    };
    Some(random.text(alphabet.as_bytes(), length))
}

fn token(claim: Option<(&str, &str)>, random: &mut Random) -> String {
    let (key, value) = claim.unwrap_or(("sub", "reader"));
    let header = base64url(br#"{"alg":"HS256","typ":"JWT"}"#);
    let payload =
        base64url(format!(r#"{{"iss":"bookshop","{key}":"{value}","iat":1700000000}}"#).as_bytes());
    let signature = random.text(
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        43,
    );
    format!("{header}.{payload}.{signature}")
}

fn base64url(bytes: &[u8]) -> String {
    const SIGNS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let group = chunk
            .iter()
            .fold(0u32, |group, byte| group << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for index in 0..=chunk.len() {
            text.push(char::from(SIGNS[(group >> (18 - 6 * index) & 63) as usize]));
        }
    }
    text
}

/// A small generator of numbers that look random and are always the same.
struct Random(u64);

impl Random {
    fn new(seed: &str) -> Self {
        Self(seed.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        }))
    }

    /// The next text; a letter never follows its neighbour in the alphabet or itself, so that no run looks typed.
    fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        let mut text = String::new();
        let mut last = alphabet.len();
        for _ in 0..length {
            let mut index = self.below(alphabet.len());
            if index == last || index == last + 1 {
                index = (index + alphabet.len() / 2) % alphabet.len();
            }
            last = index;
            text.push(char::from(alphabet[index]));
        }
        text
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % limit as u64).unwrap_or(0)
    }
}
