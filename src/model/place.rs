//! What a file is for.

/// What a file is for; decided once per file, from its path and content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Place {
    /// Written by a tool.
    Generated,
    /// Run by tests only.
    Test,
    /// Read by a tool: `*.config.*`, `build.rs`.
    Config,
    /// Run by hand or by a package script: seeds, migrations, examples of a library.
    Script,
    /// A program for the terminal.
    Cli,
    /// Runs in a browser.
    Client,
    /// Everything else.
    Production,
}

impl Place {
    /// All places.
    pub const ALL: [Self; 7] = [
        Self::Generated,
        Self::Test,
        Self::Config,
        Self::Script,
        Self::Cli,
        Self::Client,
        Self::Production,
    ];

    /// The name that settings and reports use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Generated => "generated",
            Self::Test => "test",
            Self::Config => "config",
            Self::Script => "script",
            Self::Cli => "cli",
            Self::Client => "client",
            Self::Production => "production",
        }
    }

    /// The place with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|place| place.name() == name)
    }
}
