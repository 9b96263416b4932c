//! Fixtures with mistakes in them: whatever the code looks like, the program ends as it should.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make files and start the program"
)]

mod support;

use rayon::prelude::*;
use std::fmt::Write as _;
use support::fixture::{Case, cases};
use support::folder::Folder;

/// How often all fixtures are mutated; each time another way.
const ROUNDS: u64 = 40;

/// What is put into code.
const TOKENS: [&str; 48] = [
    "(", ")", "[", "]", "{", "}", "<", ">", "\"", "'", "`", "${", "//", "/*", "*/", ";", ",", ".",
    "..", "...", "?", "?.", "!", "=>", "->", "::", "#[", "&", "|", "*", "=", "@", "\\", "\0", "\r",
    "\u{feff}", "é", "𝄞", "\u{202e}", " async ", " await ", " else ", " return ", " match ",
    " move ", " class ", "0x", "r#\"",
];

#[test]
fn mistakes_do_no_harm() {
    let cases = cases();
    let failures: Vec<String> = (0..ROUNDS)
        .into_par_iter()
        .filter_map(|round| failure(&cases, round))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// What goes wrong in a round, and with which file if it does so with one alone.
fn failure(cases: &[Case], round: u64) -> Option<String> {
    let folder = Folder::empty();
    let mut files = Vec::new();
    for case in cases {
        for (file, bytes) in &case.files {
            let path = format!("{}/{file}", case.path);
            let bytes = mutated(bytes, &mut Random::new(round, &path));
            folder.write(&path, &bytes);
            files.push((path, bytes));
        }
    }
    let mut words = trouble(&folder)?;
    for (path, bytes) in files {
        let folder = Folder::empty();
        folder.write(&path, &bytes);
        if let Some(trouble) = trouble(&folder) {
            // Writing to a string cannot fail.
            let _ = write!(
                words,
                "\n{path}: {trouble}\n{}",
                String::from_utf8_lossy(&bytes)
            );
            break;
        }
    }
    Some(format!("round {round}: {words}"))
}

fn trouble(folder: &Folder) -> Option<String> {
    let run = folder.run(&["--profile", "audit", "--format", "json"]);
    let ends_well = matches!(run.code, Some(0 | 1 | 3)) && !run.words.contains("internal error");
    (!ends_well).then(|| format!("{:?} {}", run.code, run.words))
}

/// A text with some mistakes.
fn mutated(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut text: Vec<char> = String::from_utf8_lossy(bytes).chars().collect();
    for _ in 0..=random.below(4) {
        let from = random.below(text.len() + 1);
        let to = (from + random.below(40)).min(text.len());
        match random.below(6) {
            0 => drop(text.drain(from..to)),
            1 => {
                let twice: Vec<char> = text[from..to].to_vec();
                text.splice(to..to, twice);
            }
            2 => text.truncate(from),
            3 => {
                let moved: Vec<char> = text.drain(from..to).collect();
                let there = random.below(text.len() + 1);
                text.splice(there..there, moved);
            }
            _ => {
                let token = TOKENS[random.below(TOKENS.len())];
                text.splice(from..from, token.chars());
            }
        }
    }
    let mut bytes = text.into_iter().collect::<String>().into_bytes();
    if random.below(16) == 0 && !bytes.is_empty() {
        let at = random.below(bytes.len());
        bytes[at] = 0xff;
    }
    bytes
}

/// Numbers that look random, and are the same in every run.
struct Random(u64);

impl Random {
    fn new(round: u64, path: &str) -> Self {
        let add = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        Self(
            path.bytes()
                .fold(round.wrapping_add(0xcbf2_9ce4_8422_2325), add),
        )
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % limit as u64).unwrap_or(0)
    }
}
