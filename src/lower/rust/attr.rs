//! Attributes.
//!
//! What belongs here: attributes as calls with what their tokens say, read leniently, and which of them mean that code is compiled
//! for tests only. What may not enter: what attributes of frameworks mean.

use super::emit::NewCall;
use super::pattern::last_name;
use super::state::Lower;
use crate::model::{Arg, CallForm, CallId, Entry, Name, ValueId, ValueKind};
use crate::source::Span;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::{Attribute, Expr, Meta};

/// One comma-separated part of an attribute's tokens.
struct Part {
    tokens: Vec<TokenTree>,
}

impl Lower<'_> {
    /// The attributes of an item; comments are none.
    pub(super) fn attributes(&mut self, attributes: &[Attribute]) -> Vec<CallId> {
        let mut calls = Vec::new();
        for attribute in attributes {
            if !attribute.path().is_ident("doc") {
                calls.push(self.attribute(attribute));
            }
        }
        calls
    }

    fn attribute(&mut self, attribute: &Attribute) -> CallId {
        let path = attribute.path();
        let path_span = self.at.path(path);
        let segments = self.segments(None, path);
        let callee = self.value(ValueKind::Path(segments), path_span);
        let args = match &attribute.meta {
            Meta::Path(_) => Vec::new(),
            Meta::List(list) => self.meta_args(list.tokens.clone()),
            Meta::NameValue(pair) => vec![self.arg(&pair.value)],
        };
        let start = attribute.pound_token.span;
        let span = self.at.between(start, attribute.bracket_token.span.close());
        let (id, _) = self.allocate_call(NewCall {
            callee,
            receiver: None,
            args,
            type_args: Vec::new(),
            form: CallForm::Attribute,
            span,
            name_span: path_span,
        });
        id
    }

    /// Positional parts in order; `name = value` and `name(..)` are fields of one object that stands behind them.
    fn meta_args(&mut self, tokens: TokenStream) -> Vec<Arg> {
        let found = self.deeper(|_| Span::default(), |lower| lower.meta_inner(tokens));
        found.unwrap_or_default()
    }

    fn meta_inner(&mut self, tokens: TokenStream) -> Vec<Arg> {
        let mut args = Vec::new();
        let mut entries = Vec::new();
        for part in parts(tokens) {
            let Some(span) = self.part_span(&part) else {
                continue;
            };
            match part.key() {
                Some((key, key_span, rest)) => {
                    let value = self.meta_value(rest, span);
                    let span = self.at.token(key_span);
                    entries.push((Entry::Field { key, value, span }, span));
                }
                None => {
                    let value = self.meta_value(part.tokens, span);
                    args.push(Arg {
                        value,
                        spread: false,
                        span,
                    });
                }
            }
        }
        if let (Some((_, first)), Some((_, last))) = (entries.first(), entries.last()) {
            let span = Span {
                start: first.start,
                end: last.end,
            };
            let entries = entries.into_iter().map(|(entry, _)| entry).collect();
            let value = self.object(entries, span);
            args.push(Arg {
                value,
                spread: false,
                span,
            });
        }
        args
    }

    fn part_span(&self, part: &Part) -> Option<Span> {
        let (first, last) = (part.tokens.first()?, part.tokens.last()?);
        Some(self.at.between(first.span(), last.span()))
    }

    /// An expression, or what stands between parentheses.
    fn meta_value(&mut self, tokens: Vec<TokenTree>, span: Span) -> ValueId {
        if let [TokenTree::Group(group)] = tokens.as_slice()
            && group.delimiter() == Delimiter::Parenthesis
        {
            let args = self.meta_args(group.stream());
            let values: Vec<ValueId> = args.into_iter().map(|arg| arg.value).collect();
            return match values.as_slice() {
                [one] => *one,
                _ => self.list(values, span),
            };
        }
        let shown =
            |tree: &TokenTree| matches!(tree, TokenTree::Punct(p) if "%?".contains(p.as_char()));
        let tokens: TokenStream = tokens.into_iter().skip_while(shown).collect();
        match <Expr as syn::parse::Parse>::parse.parse2(tokens) {
            Ok(expr) => self.expr(&expr),
            Err(_) => self.opaque(Vec::new(), span),
        }
    }
}

impl Part {
    /// `name = value` or `name(..)`: the key and the tokens of its value.
    fn key(&self) -> Option<(Name, proc_macro2::Span, Vec<TokenTree>)> {
        match self.tokens.as_slice() {
            [TokenTree::Ident(key), TokenTree::Punct(eq), rest @ ..] if eq.as_char() == '=' => {
                Some((key.to_string().into(), key.span(), rest.to_vec()))
            }
            [TokenTree::Ident(key), TokenTree::Group(group)]
                if group.delimiter() == Delimiter::Parenthesis =>
            {
                let rest = vec![TokenTree::Group(group.clone())];
                Some((key.to_string().into(), key.span(), rest))
            }
            _ => None,
        }
    }
}

/// Splits tokens at commas.
fn parts(tokens: TokenStream) -> Vec<Part> {
    let mut found = vec![Part { tokens: Vec::new() }];
    for tree in tokens {
        if matches!(&tree, TokenTree::Punct(punct) if punct.as_char() == ',') {
            found.push(Part { tokens: Vec::new() });
        } else if let Some(part) = found.last_mut() {
            part.tokens.push(tree);
        }
    }
    found
}

/// Whether attributes say that an item is compiled for tests only.
pub(super) fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) if list.path.is_ident("cfg") => needs_test(list.tokens.clone()),
        meta => last_name(meta.path()) == "test",
    })
}

/// `test` or `all(.., test, ..)`; `any(test, ..)` holds elsewhere, too.
fn needs_test(tokens: TokenStream) -> bool {
    parts(tokens)
        .iter()
        .any(|part| match part.tokens.as_slice() {
            [TokenTree::Ident(word)] => word == "test",
            [TokenTree::Ident(word), TokenTree::Group(group)] if word == "all" => {
                needs_test(group.stream())
            }
            _ => false,
        })
}
