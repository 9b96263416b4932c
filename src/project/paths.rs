//! Root-relative paths as text: `/` between the parts, "" for the root, never `.` or `..`.
//!
//! What belongs here: joining and walking such paths. What may not enter: the disk.

/// Joins a folder and a relative path; `None` where the result would leave the root.
///
/// ```
/// use backlint::project::paths::join;
/// assert_eq!(join("apps/web", "../api/./x.ts").as_deref(), Some("apps/api/x.ts"));
/// assert_eq!(join("", "../x.ts"), None);
/// ```
#[must_use]
pub fn join(dir: &str, relative: &str) -> Option<String> {
    let mut path = String::with_capacity(dir.len() + relative.len() + 1);
    path.push_str(dir);
    for part in relative.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if path.is_empty() {
                    return None;
                }
                let keep = path.rfind('/').unwrap_or(0);
                path.truncate(keep);
            }
            _ => {
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(part);
            }
        }
    }
    Some(path)
}

/// The folder that holds the path; "" for what stands in the root.
#[must_use]
pub fn parent(path: &str) -> &str {
    path.rfind('/').map_or("", |at| &path[..at])
}

/// The last part of the path.
#[must_use]
pub fn name(path: &str) -> &str {
    path.rfind('/').map_or(path, |at| &path[at + 1..])
}

/// The folder itself, then every folder above it, the root last.
pub fn ancestors(dir: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(dir), |dir| (!dir.is_empty()).then(|| parent(dir)))
}

/// What is left of `path` below `dir`; `None` if it is not inside.
#[must_use]
pub fn inside<'p>(path: &'p str, dir: &str) -> Option<&'p str> {
    if dir.is_empty() || path == dir {
        return Some(if dir.is_empty() { path } else { "" });
    }
    path.strip_prefix(dir)?.strip_prefix('/')
}

/// The extension of the last part, without the dot; "" if there is none.
#[must_use]
pub fn extension(path: &str) -> &str {
    let name = name(path);
    match name.rfind('.') {
        Some(at) if at > 0 => &name[at + 1..],
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_join_never_leaves_the_root() {
        assert_eq!(join("a", "..").as_deref(), Some(""));
        assert_eq!(join("a", "../.."), None);
        assert_eq!(join("a/b", "/c//d").as_deref(), Some("a/b/c/d"));
    }

    #[test]
    fn ancestors_end_at_the_root() {
        assert_eq!(ancestors("a/b").collect::<Vec<_>>(), ["a/b", "a", ""]);
        assert_eq!(ancestors("").collect::<Vec<_>>(), [""]);
    }

    #[test]
    fn inside_means_below_whole_folders() {
        assert_eq!(inside("src/a.ts", "src"), Some("a.ts"));
        assert_eq!(inside("src2/a.ts", "src"), None);
        assert_eq!(inside("a.ts", ""), Some("a.ts"));
        assert_eq!(inside("a.ts", "a.ts"), Some(""));
        assert_eq!(extension(".env"), "");
        assert_eq!(extension("a/b.d.ts"), "ts");
    }
}
