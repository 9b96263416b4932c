//! Embeds `rules/**`, so that no list of rules or vocabularies has to be kept by hand.
#![allow(
    clippy::disallowed_methods,
    reason = "a build reads the rules and writes code"
)]

use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut files = Vec::new();
    collect(&root.join("rules"), &mut files)?;
    files.sort();

    let mut code = String::new();
    embed(&mut code, "VOCABULARY_FILES", &root, &files, |path| {
        path.starts_with("rules/vocabulary/") && path.ends_with(".toml")
    })?;
    embed(&mut code, "RULE_FILES", &root, &files, |path| {
        path.split('/').count() == 3
            && path.ends_with(".md")
            && !path.starts_with("rules/vocabulary/")
    })?;
    let kinds = root.join("rules/kinds.toml");
    writeln!(
        code,
        "pub(crate) static KINDS: &str = include_str!({:?});",
        kinds.to_string_lossy()
    )?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("rules.rs"), code)?;
    Ok(())
}

/// Every file below `folder`; cargo is told to watch the folders, so that a new file is seen.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed={}", folder.display());
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// Writes a list of (path from the package's root, text) of the files that `wanted` names.
fn embed(
    code: &mut String,
    list: &str,
    root: &Path,
    files: &[PathBuf],
    wanted: impl Fn(&str) -> bool,
) -> Result<(), Box<dyn Error>> {
    writeln!(code, "pub(crate) static {list}: &[(&str, &str)] = &[")?;
    for file in files {
        let path = file
            .strip_prefix(root)?
            .to_string_lossy()
            .replace('\\', "/");
        if wanted(&path) {
            println!("cargo:rerun-if-changed={}", file.display());
            let full = file.to_string_lossy();
            writeln!(code, "    ({path:?}, include_str!({full:?})),")?;
        }
    }
    writeln!(code, "];")?;
    Ok(())
}
