//! Folders that are there for one test, and the program run in them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder that is there for one test.
pub(crate) struct Folder(pub(crate) PathBuf);

/// What a run of the program did.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: Vec<u8>,
    pub(crate) words: String,
}

impl Run {
    /// What it wrote to stdout.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.out).into_owned()
    }

    /// Stdout as JSON; null if it is none.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.out).unwrap_or_default()
    }
}

impl Folder {
    /// An empty folder, which is the root of whatever is checked in it.
    pub(crate) fn empty() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("backlint-test-{}-{number}", std::process::id());
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(folder.join(".git")).expect("a folder for temporary files");
        Self(folder)
    }

    /// A folder with files (path, text).
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = Self::empty();
        for (file, text) in files {
            folder.write(file, text.as_bytes());
        }
        folder
    }

    /// Adds a file.
    pub(crate) fn write(&self, file: &str, bytes: &[u8]) {
        let path = self.0.join(file);
        let parent = path.parent().expect("a file below the folder");
        fs::create_dir_all(parent).expect("a folder");
        fs::write(&path, bytes).expect("a file");
    }

    /// Runs the program here.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let output = command(&self.0, arguments).output();
        let output = output.expect("the program starts");
        Run {
            code: output.status.code(),
            out: output.stdout,
            words: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The program, with nothing of the environment that changes how its output looks.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_backlint"));
    command.current_dir(folder).args(arguments);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"] {
        command.env_remove(name);
    }
    command
}
