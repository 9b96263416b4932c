//! Folders that are there for one test, and the program run in them.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// What no run of a test may take, by far, even in a build for tests on a machine that has other things to do.
const PATIENCE: Duration = Duration::from_secs(120);

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

    /// Runs the program here; one that does not end is ended, and has no exit code.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let mut command = command(&self.0, arguments);
        command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let (out, words) = (reader(child.stdout.take()), reader(child.stderr.take()));
        let code = wait(&mut child);
        let words = words.join().expect("what it wrote");
        Run {
            code,
            out: out.join().expect("what it wrote"),
            words: String::from_utf8_lossy(&words).into_owned(),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Reads a pipe to its end while the program runs.
fn reader(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
        assert!(matches!(read, Some(Ok(_))), "{read:?}");
        bytes
    })
}

/// The exit code of a program that ends in time.
fn wait(child: &mut Child) -> Option<i32> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().expect("a program that was started") {
            return status.code();
        }
        if start.elapsed() > PATIENCE {
            let _ = child.kill();
        }
        thread::sleep(Duration::from_millis(2));
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
