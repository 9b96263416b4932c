//! Where the code is kept, read from the files of `.git`; git itself is not run, for its settings can run commands.

use crate::report::Origin;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

/// Settings and lists of references are far smaller.
const LARGEST: u64 = 1 << 20;

/// The origin of the repository whose top level `root` is. A `.git` that is no folder names one elsewhere, which is
/// not followed.
pub(super) fn origin(root: &Path) -> Option<Origin> {
    let git = root.join(".git");
    if !std::fs::symlink_metadata(&git).ok()?.is_dir() {
        return None;
    }
    let repository = address(&remote(&read(&git.join("config"))?)?)?;
    let head = read(&git.join("HEAD")).unwrap_or_default();
    let reference = head.trim().strip_prefix("ref: ").map(str::to_owned);
    let revision = match &reference {
        None => Some(head.trim().to_owned()),
        Some(name) if is_plain(name) => read(&git.join(name))
            .map(|text| text.trim().to_owned())
            .or_else(|| packed(&read(&git.join("packed-refs"))?, name)),
        Some(_) => None,
    };
    let branch = reference
        .as_deref()
        .and_then(|name| name.strip_prefix("refs/heads/"));
    Some(Origin {
        repository,
        revision: revision.filter(|hash| is_hash(hash)),
        branch: branch.map(str::to_owned),
    })
}

fn read(file: &Path) -> Option<String> {
    // A link could lead out of the repository.
    if !std::fs::symlink_metadata(file).ok()?.is_file() {
        return None;
    }
    let mut text = String::new();
    File::open(file)
        .ok()?
        .take(LARGEST)
        .read_to_string(&mut text)
        .ok()?;
    Some(text)
}

/// A reference below `refs/`, without steps upwards.
fn is_plain(name: &str) -> bool {
    name.starts_with("refs/") && !name.contains("..") && !name.contains('\\')
}

fn is_hash(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn packed(list: &str, name: &str) -> Option<String> {
    let line = list
        .lines()
        .find(|line| line.split_once(' ').is_some_and(|(_, this)| this == name))?;
    line.split_once(' ').map(|(hash, _)| hash.to_owned())
}

/// The address of the remote `origin`.
fn remote(config: &str) -> Option<String> {
    let mut lines = config.lines().map(str::trim);
    lines.find(|line| *line == "[remote \"origin\"]")?;
    let (_, address) = lines
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .find(|(key, _)| key.trim() == "url")?;
    Some(address.trim().to_owned())
}

/// An absolute address without credentials; `git@host:owner/name.git` is written as a web address.
fn address(url: &str) -> Option<String> {
    let rest = match url.split_once("://") {
        Some(("https" | "http" | "ssh", rest)) => rest.to_owned(),
        Some(_) => return None,
        None => {
            let (host, path) = url.split_once(':')?;
            format!("{host}/{path}")
        }
    };
    let (host, path) = rest.split_once('/')?;
    let host = host.rsplit('@').next()?.split(':').next()?;
    let path = path
        .split(['?', '#'])
        .next()?
        .trim_end_matches('/')
        .trim_end_matches(".git");
    let plain = |text: &str| {
        let mut bytes = text.bytes();
        !text.is_empty()
            && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte))
    };
    (host.contains('.') && plain(host) && plain(path)).then(|| format!("https://{host}/{path}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_lose_their_credentials() {
        let expected = Some("https://github.com/example/shop".to_owned());
        for url in [
            "https://github.com/example/shop.git",
            "https://user:token@github.com/example/shop",
            "git@github.com:example/shop.git",
            "ssh://git@github.com:22/example/shop.git/",
        ] {
            assert_eq!(address(url), expected, "{url}");
        }
        for url in [
            "../shop",
            "file:///etc",
            "C:\\shop",
            "https://localhost/x y",
            "/srv/shop",
        ] {
            assert_eq!(address(url), None, "{url}");
        }
    }

    #[test]
    fn the_remote_and_the_revision_are_found() {
        let config = "[core]\n\tbare = false\n[remote \"origin\"]\n\turl = https://x.org/a\n[branch \"main\"]\n\turl = no\n";
        assert_eq!(remote(config).as_deref(), Some("https://x.org/a"));
        assert_eq!(
            remote("[remote \"other\"]\n\turl = https://x.org/a\n"),
            None
        );
        let list = "# pack-refs\nabc refs/heads/main\n";
        assert_eq!(packed(list, "refs/heads/main").as_deref(), Some("abc"));
        assert!(!is_plain("refs/../../x") && is_plain("refs/heads/a/b"));
    }
}
