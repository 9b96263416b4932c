//! The project's own code, as far as the test of its architecture looks at it: paths and texts outside of tests.

use super::fixture::{repository, slashes, sorted};
use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use syn::visit::{self, Visit};
use syn::{Attribute, ItemFn, ItemImpl, ItemMod, ItemUse, LitByteStr, LitStr, Macro, UseTree};

/// A file of `src` that is no test.
pub(crate) struct Code {
    /// Path from the repository.
    pub(crate) path: String,
    pub(crate) text: String,
    /// The folder or file right below `src`.
    pub(crate) room: String,
    /// Paths (line, segments); those that begin with `crate` or `super` begin with the room instead.
    pub(crate) paths: Vec<(usize, Vec<String>)>,
    /// Names of macros that are called.
    pub(crate) macros: Vec<(usize, String)>,
    /// Texts in quotes.
    pub(crate) texts: Vec<(usize, String)>,
}

/// All files of `src` that are no tests, sorted by path.
pub(crate) fn code() -> Vec<Code> {
    let mut files = Vec::new();
    collect(&repository().join("src"), &mut files);
    let mut tests = BTreeSet::new();
    let mut codes = Vec::new();
    for path in files {
        let text = fs::read_to_string(repository().join(&path)).expect("a file of the project");
        let file = syn::parse_file(&text).expect("code that is sound");
        let mut seen = Seen::new(modules(&path));
        seen.visit_file(&file);
        tests.extend(seen.tests);
        codes.push(Code {
            room: room_of(&path),
            paths: seen.paths,
            macros: seen.macros,
            texts: seen.texts,
            path,
            text,
        });
    }
    codes.retain(|code| {
        let way = modules(&code.path);
        (1..=way.len()).all(|length| !tests.contains(&way[..length]))
    });
    codes
}

fn collect(folder: &Path, files: &mut Vec<String>) {
    for path in sorted(folder) {
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(slashes(path.strip_prefix(repository()).unwrap_or(&path)));
        }
    }
}

/// `src/link/mod.rs` and `src/kinds.rs` are the rooms `link` and `kinds`; `main` belongs to the command line.
fn room_of(path: &str) -> String {
    match modules(path).into_iter().next().as_deref() {
        None | Some("main") => "cli".to_owned(),
        Some(room) => room.to_owned(),
    }
}

/// The names of the modules that lead to a file.
fn modules(path: &str) -> Vec<String> {
    let path = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut names: Vec<String> = path.split('/').map(str::to_owned).collect();
    if matches!(names.last().map(String::as_str), Some("mod" | "lib")) {
        names.pop();
    }
    names
}

/// What is seen on a walk through a file.
struct Seen {
    /// The module that the walk is in.
    module: Vec<String>,
    /// Modules that are compiled for tests only.
    tests: BTreeSet<Vec<String>>,
    paths: Vec<(usize, Vec<String>)>,
    macros: Vec<(usize, String)>,
    texts: Vec<(usize, String)>,
}

impl Seen {
    fn new(module: Vec<String>) -> Self {
        Self {
            module,
            tests: BTreeSet::new(),
            paths: Vec::new(),
            macros: Vec::new(),
            texts: Vec::new(),
        }
    }

    fn path(&mut self, line: usize, mut path: Vec<String>) {
        let supers = path.iter().take_while(|name| *name == "super").count();
        let out = match path.first().map(String::as_str) {
            Some("crate") => 1,
            // A path that climbs to the root of the crate enters a room; one that ends below stays in its own.
            Some("super") if supers >= self.module.len() => supers,
            Some("super" | "self" | "Self") | None => return,
            Some(_) => 0,
        };
        if out > 0 {
            path.drain(..out);
            path.insert(0, "crate".to_owned());
        }
        self.paths.push((line, path));
    }

    fn tree(&mut self, tree: &UseTree, before: &[String]) {
        let with = |name: &syn::Ident| [before, &[name.to_string()]].concat();
        match tree {
            UseTree::Path(path) => self.tree(&path.tree, &with(&path.ident)),
            UseTree::Name(name) => self.path(name.ident.span().start().line, with(&name.ident)),
            UseTree::Rename(name) => self.path(name.ident.span().start().line, with(&name.ident)),
            UseTree::Glob(glob) => {
                let line = glob.star_token.spans[0].start().line;
                self.path(line, before.to_vec());
            }
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.tree(tree, before);
                }
            }
        }
    }

    /// Macros are tokens: their paths and texts are read off them.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        let mut line = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if path.is_empty() {
                        line = name.span().start().line;
                    }
                    path.push(name.to_string());
                    continue;
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' => continue,
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(literal) => {
                    let at = literal.span().start().line;
                    if let Ok(text) = syn::parse_str::<LitStr>(&literal.to_string()) {
                        self.texts.push((at, text.value()));
                    }
                }
                TokenTree::Punct(_) => {}
            }
            self.named(line, std::mem::take(&mut path));
        }
        self.named(line, path);
    }

    /// A path in a macro; where `super` leads from there only the compiler knows.
    fn named(&mut self, line: usize, path: Vec<String>) {
        if path.first().is_some_and(|first| first != "super") {
            self.path(line, path);
        }
    }
}

impl<'ast> Visit<'ast> for Seen {
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        self.module.push(module.ident.to_string());
        if is_test(&module.attrs) {
            self.tests.insert(self.module.clone());
        } else {
            visit::visit_item_mod(self, module);
        }
        self.module.pop();
    }

    fn visit_item_fn(&mut self, function: &'ast ItemFn) {
        if !is_test(&function.attrs) {
            visit::visit_item_fn(self, function);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        if !is_test(&item.attrs) {
            visit::visit_item_impl(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if !is_test(&item.attrs) {
            self.tree(&item.tree, &[]);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<String> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        if let Some(first) = path.segments.first() {
            self.path(first.ident.span().start().line, names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        if let Some(name) = call.path.segments.last() {
            let line = name.ident.span().start().line;
            self.macros.push((line, name.ident.to_string()));
        }
        self.tokens(call.tokens.clone());
    }

    fn visit_lit_str(&mut self, text: &'ast LitStr) {
        self.texts.push((text.span().start().line, text.value()));
    }

    fn visit_lit_byte_str(&mut self, text: &'ast LitByteStr) {
        let words = String::from_utf8_lossy(&text.value()).into_owned();
        self.texts.push((text.span().start().line, words));
    }
}

/// Whether something is compiled for tests only.
fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let cfg = attribute.path().is_ident("cfg");
        let is_test = |path: syn::Path| path.is_ident("test");
        attribute.path().is_ident("test") || cfg && attribute.parse_args().is_ok_and(is_test)
    })
}
