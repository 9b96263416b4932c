//! How bad, how sure, and for whom: the three axes of a finding.

use serde::{Deserialize, Serialize};

macro_rules! level {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum $name { $($(#[$each])* $variant),+ }

        impl $name {
            /// The name that rules, options and reports use.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    _ => Err(format!("`{text}` is none of {}", [$($text),+].join(", "))),
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.name())
            }
        }
    };
}

level! {
    /// How bad it is; a later one is worse.
    Severity {
        /// Worth knowing.
        Note = "note",
        /// Should be changed.
        Warning = "warning",
        /// Must be changed.
        Error = "error",
    }
}

level! {
    /// How sure it is; a later one is surer.
    Confidence {
        /// Likely to be a false alarm.
        Low = "low",
        /// One step of the reasoning is not proven.
        Medium = "medium",
        /// Proven.
        High = "high",
    }
}

level! {
    /// Who is reading; a later one tolerates more and includes the earlier ones.
    Profile {
        /// Quiet: what is worth a reviewer's time.
        Default = "default",
        /// Policies that a team chooses.
        Strict = "strict",
        /// Everything, with doubt allowed.
        Audit = "audit",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_and_ordered() {
        assert_eq!("error".parse(), Ok(Severity::Error));
        assert_eq!(Profile::Strict.to_string().parse(), Ok(Profile::Strict));
        assert_eq!(
            "sure".parse::<Confidence>(),
            Err("`sure` is none of low, medium, high".to_owned())
        );
        assert!(Severity::Note < Severity::Error && Confidence::Low < Confidence::High);
        assert!(Profile::Default < Profile::Strict && Profile::Strict < Profile::Audit);
    }
}
