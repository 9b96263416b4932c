//! The text of a specifier.

use super::Resolution;
use crate::model::Name;
use crate::project::paths;

/// Modules that are built into Node.js and can be named without `node:`; sorted.
const BUILTIN: [&str; 43] = [
    "assert",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "domain",
    "events",
    "fs",
    "http",
    "http2",
    "https",
    "inspector",
    "module",
    "net",
    "os",
    "path",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "repl",
    "stream",
    "string_decoder",
    "sys",
    "test",
    "timers",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

/// Extensions of files that bundlers let code import; sorted.
const ASSETS: [&str; 52] = [
    "astro", "avif", "bmp", "css", "csv", "eot", "frag", "gif", "glb", "glsl", "gltf", "gql",
    "graphql", "graphqls", "hbs", "htm", "html", "ico", "jpeg", "jpg", "json", "json5", "jsonc",
    "less", "md", "mdx", "mp3", "mp4", "node", "ogg", "otf", "pdf", "png", "proto", "pug", "sass",
    "scss", "sql", "styl", "svelte", "svg", "toml", "ttf", "txt", "vert", "vue", "wasm", "webm",
    "webp", "woff", "woff2", "yaml",
];

/// The specifier without what is only meant for a bundler: `!loader!./x?raw` is `./x`.
pub(super) fn without_loader(specifier: &str) -> &str {
    let path = specifier.rsplit('!').next().unwrap_or(specifier);
    match path.split_once('?') {
        Some((path, _)) if !path.is_empty() && !path.contains(':') => path,
        _ => path,
    }
}

/// Whether Node.js itself answers to the name. `test` exists with the prefix only.
pub(super) fn is_builtin(specifier: &str) -> bool {
    let module = specifier.split('/').next().unwrap_or(specifier);
    module != "test" && BUILTIN.binary_search(&module).is_ok()
}

/// Whether the extension is one of a file that is no code.
pub(super) fn is_asset(path: &str) -> bool {
    ASSETS.binary_search(&paths::extension(path)).is_ok()
}

/// Splits `@scope/name/sub/path` behind the name.
pub(super) fn split(specifier: &str) -> (&str, &str) {
    let scope = match specifier.starts_with('@') {
        true => specifier.find('/').map_or(specifier.len(), |at| at + 1),
        false => 0,
    };
    let end = specifier[scope..]
        .find('/')
        .map_or(specifier.len(), |at| scope + at);
    let subpath = specifier[end..].strip_prefix('/').unwrap_or("");
    (&specifier[..end], subpath)
}

/// The package of a specifier that names no file of the project.
pub(super) fn external(specifier: &str) -> Resolution {
    if let Some((scheme, rest)) = specifier.split_once(':') {
        return match scheme {
            "npm" | "jsr" => {
                let (package, subpath) = split(rest.trim_start_matches('/'));
                package_of(without_version(package), subpath)
            }
            // A URL and a virtual module have no parts that could be told apart.
            _ if rest.starts_with("//") || scheme != "node" => package_of(specifier, ""),
            _ => {
                let (module, subpath) = rest.split_once('/').unwrap_or((rest, ""));
                package_of(&format!("node:{module}"), subpath)
            }
        };
    }
    let (package, subpath) = split(specifier);
    match is_builtin(specifier) {
        true => package_of(&format!("node:{package}"), subpath),
        false => package_of(package, subpath),
    }
}

fn package_of(package: &str, subpath: &str) -> Resolution {
    Resolution::External {
        package: Name::new(package),
        subpath: Name::new(subpath),
    }
}

/// `hono@^4` is `hono`, `@std/path@1` is `@std/path`.
fn without_version(package: &str) -> &str {
    match package.rfind('@') {
        Some(at) if at > 0 => &package[..at],
        _ => package,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(BUILTIN.is_sorted() && ASSETS.is_sorted());
    }

    #[test]
    fn packages_have_a_name_and_a_subpath() {
        let parts = |specifier: &str| match external(specifier) {
            Resolution::External { package, subpath } => format!("{package} {subpath}"),
            other => format!("{other:?}"),
        };
        assert_eq!(parts("express"), "express ");
        assert_eq!(parts("@a/b/c/d"), "@a/b c/d");
        assert_eq!(parts("@a"), "@a ");
        assert_eq!(parts("fs/promises"), "node:fs promises");
        assert_eq!(parts("node:fs"), "node:fs ");
        assert_eq!(parts("node:test"), "node:test ");
        assert_eq!(parts("test"), "test ");
        assert_eq!(parts("npm:hono@4/jsx"), "hono jsx");
        assert_eq!(parts("jsr:@std/path@1"), "@std/path ");
        assert_eq!(
            parts("https://deno.land/x/y.ts"),
            "https://deno.land/x/y.ts "
        );
        assert_eq!(parts("bun:sqlite"), "bun:sqlite ");
    }

    #[test]
    fn loaders_and_queries_go() {
        assert_eq!(without_loader("!!raw-loader!./x.txt?a=b"), "./x.txt");
        assert_eq!(without_loader("./x.svg?url"), "./x.svg");
        assert_eq!(without_loader("?"), "?");
    }
}
