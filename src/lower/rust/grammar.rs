//! What macros are written like: the few shapes that the tokens of most macros have.
//!
//! What belongs here: parsers for argument lists, JSON-like literals, maps, and arms with a future each; they know shapes, not
//! macros. What may not enter: values.

use crate::model::Name;
use proc_macro2::{Delimiter, Punct, Spacing, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Expr, Ident, Lit, LitStr, Pat, Result, Token, token};

/// One argument of a macro.
pub(super) enum MacroArg {
    /// An expression.
    Plain(Expr),
    /// `key = value`, `key: value`, `%key`, `?key`.
    Field { key: Name, span: Span, value: Expr },
    /// `key => value`.
    Pair(Expr, Expr),
}

/// A literal that is like JSON.
pub(super) enum Json {
    Object(Vec<(Expr, Self)>, Span, Span),
    List(Vec<Self>, Span, Span),
    Null(Span),
    Plain(Expr),
}

/// `pattern = future, if guard => body`
pub(super) struct SelectArm {
    pub(super) pat: Option<Pat>,
    pub(super) future: Option<Expr>,
    pub(super) guard: Option<Expr>,
    pub(super) body: Expr,
}

/// A macro's tokens in the first shape that fits.
pub(super) enum Shape {
    Args(Vec<MacroArg>),
    Json(Vec<Json>),
    Select(Vec<SelectArm>),
    Statements(Vec<syn::Stmt>),
    Unknown,
}

/// Finds the shape of a macro's tokens.
pub(super) fn shape(mac: &syn::Macro) -> Shape {
    let tokens = || mac.tokens.clone();
    if starts_with_brace(tokens())
        && let Ok(values) = list::<Json>.parse2(tokens())
    {
        return Shape::Json(values);
    }
    if has_arrow(tokens())
        && let Ok(arms) = select.parse2(tokens())
    {
        return Shape::Select(arms);
    }
    if let Ok(args) = args.parse2(tokens()) {
        return Shape::Args(args);
    }
    if let Ok(values) = list::<Json>.parse2(tokens()) {
        return Shape::Json(values);
    }
    let braces = matches!(mac.delimiter, syn::MacroDelimiter::Brace(_));
    match syn::Block::parse_within.parse2(tokens()) {
        Ok(statements) if braces => Shape::Statements(statements),
        _ => Shape::Unknown,
    }
}

fn starts_with_brace(tokens: TokenStream) -> bool {
    match tokens.into_iter().next() {
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        _ => false,
    }
}

fn has_arrow(tokens: TokenStream) -> bool {
    let mut equals = false;
    tokens.into_iter().any(|tree| {
        let punct = match &tree {
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        std::mem::replace(&mut equals, punct == '=') && punct == '>'
    })
}

/// `value, pattern if guard`
pub(super) fn matches(input: ParseStream<'_>) -> Result<(Expr, Pat, Option<Expr>)> {
    let value = input.parse()?;
    input.parse::<Token![,]>()?;
    let pat = Pat::parse_multi_with_leading_vert(input)?;
    let guard = if input.parse::<Option<Token![if]>>()?.is_some() {
        Some(input.parse()?)
    } else {
        None
    };
    input.parse::<Option<Token![,]>>()?;
    Ok((value, pat, guard))
}

/// `value; count`
pub(super) fn repeat(input: ParseStream<'_>) -> Result<(Expr, Expr)> {
    let value = input.parse()?;
    input.parse::<Token![;]>()?;
    Ok((value, input.parse()?))
}

fn args(input: ParseStream<'_>) -> Result<Vec<MacroArg>> {
    let mut found = Vec::new();
    while !input.is_empty() {
        found.push(input.parse()?);
        if input.is_empty() {
            break;
        }
        if input.peek(Token![;]) {
            input.parse::<Token![;]>()?;
        } else {
            input.parse::<Token![,]>()?;
        }
    }
    Ok(found)
}

impl Parse for MacroArg {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(Token![%]) || input.peek(Token![?]) {
            sigil(input)?;
            let value: Expr = input.parse()?;
            let (key, span) = shorthand(&value);
            return Ok(Self::Field { key, span, value });
        }
        if let Some((key, span)) = key(input)? {
            sigil(input)?;
            let value = input.parse()?;
            return Ok(Self::Field { key, span, value });
        }
        let value = input.parse()?;
        if input.parse::<Option<Token![=>]>>()?.is_some() {
            return Ok(Self::Pair(value, input.parse()?));
        }
        Ok(Self::Plain(value))
    }
}

/// How a field is to be shown.
fn sigil(input: ParseStream<'_>) -> Result<()> {
    input.parse::<Option<Token![%]>>()?;
    input.parse::<Option<Token![?]>>()?;
    Ok(())
}

/// `%a.b` stands for `a.b = %a.b`.
fn shorthand(value: &Expr) -> (Name, Span) {
    let span = super::span::expr_end(value);
    let key = match value {
        Expr::Path(path) => super::pattern::last_name(&path.path),
        Expr::Field(field) => super::types::member_name(&field.member),
        _ => Name::default(),
    };
    (key, span)
}

/// The key in front of a field's value, if the next argument is a field.
fn key(input: ParseStream<'_>) -> Result<Option<(Name, Span)>> {
    let ahead = input.fork();
    let found = match key_text(&ahead) {
        Ok(found) if assigns(&ahead) => found,
        _ => return Ok(None),
    };
    key_text(input)?;
    // `key:% = value` and `key:? = value` say how to show it in front of the `=`.
    if input.parse::<Option<Token![:]>>()?.is_some() {
        sigil(input)?;
    }
    input.parse::<Option<Token![=]>>()?;
    Ok(Some(found))
}

fn key_text(input: ParseStream<'_>) -> Result<(Name, Span)> {
    if input.peek(Lit) {
        let text: LitStr = input.parse()?;
        return Ok((text.value().into(), text.span()));
    }
    let first = Ident::parse_any(input)?;
    let mut text = first.to_string();
    while input.peek(Token![.]) && input.peek2(Ident::peek_any) {
        input.parse::<Token![.]>()?;
        text.push('.');
        text.push_str(&Ident::parse_any(input)?.to_string());
    }
    Ok((text.into(), first.span()))
}

fn assigns(input: ParseStream<'_>) -> bool {
    let plain = input.peek(Token![=]) && !input.peek(Token![==]) && !input.peek(Token![=>]);
    let shown = input.peek(Token![:]) && !input.peek(Token![::]);
    plain || shown
}

fn list<T: Parse>(input: ParseStream<'_>) -> Result<Vec<T>> {
    let items = input.parse_terminated(T::parse, Token![,])?;
    Ok(items.into_iter().collect())
}

impl Parse for Json {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(token::Brace) {
            let content;
            let braces = syn::braced!(content in input);
            let found = content.call(entries)?;
            return Ok(Self::Object(found, braces.span.open(), braces.span.close()));
        }
        if input.peek(token::Bracket) {
            let content;
            let brackets = syn::bracketed!(content in input);
            let found = content.call(list::<Self>)?;
            return Ok(Self::List(
                found,
                brackets.span.open(),
                brackets.span.close(),
            ));
        }
        if input.peek(Ident) {
            let ahead = input.fork();
            let word = Ident::parse_any(&ahead)?;
            if word == "null" && (ahead.is_empty() || ahead.peek(Token![,])) {
                input.call(Ident::parse_any)?;
                return Ok(Self::Null(word.span()));
            }
        }
        Ok(Self::Plain(input.parse()?))
    }
}

fn entries(input: ParseStream<'_>) -> Result<Vec<(Expr, Json)>> {
    let mut found = Vec::new();
    while !input.is_empty() {
        let key = input.parse()?;
        if input.peek(Token![=>]) {
            input.parse::<Token![=>]>()?;
        } else {
            input.parse::<Token![:]>()?;
        }
        found.push((key, input.parse()?));
        if input.is_empty() {
            break;
        }
        input.parse::<Token![,]>()?;
    }
    Ok(found)
}

fn select(input: ParseStream<'_>) -> Result<Vec<SelectArm>> {
    if input.peek(Ident) && input.peek2(Token![;]) {
        input.parse::<Ident>()?;
        input.parse::<Token![;]>()?;
    }
    let mut arms = Vec::new();
    let mut futures = 0;
    while !input.is_empty() {
        let arm = select_arm(input)?;
        futures += usize::from(arm.future.is_some());
        arms.push(arm);
        input.parse::<Option<Token![,]>>()?;
    }
    if futures == 0 {
        return Err(input.error("no arm has a future"));
    }
    Ok(arms)
}

fn select_arm(input: ParseStream<'_>) -> Result<SelectArm> {
    let mut arm = (None, None, None);
    if input.peek(Token![else]) {
        input.parse::<Token![else]>()?;
    } else {
        arm.0 = Some(Pat::parse_multi_with_leading_vert(input)?);
    }
    if input.peek(Token![=]) && !input.peek(Token![=>]) {
        input.parse::<Token![=]>()?;
        arm.1 = Some(input.parse()?);
        if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
            input.parse::<Token![if]>()?;
            arm.2 = Some(input.parse()?);
        }
    }
    input.parse::<Token![=>]>()?;
    let (pat, future, guard) = arm;
    Ok(SelectArm {
        pat,
        future,
        guard,
        body: Expr::parse_with_earlier_boundary_rule(input)?,
    })
}

/// The tokens of a macro as items, if they are some; the last may lack its semicolon.
pub(super) fn items(mac: &syn::Macro) -> Option<Vec<syn::Item>> {
    let parse = |tokens| <syn::File as Parse>::parse.parse2(tokens).ok();
    let tokens = without_ref(mac.tokens.clone());
    let mut closed = tokens.clone();
    closed.extend([TokenTree::from(Punct::new(';', Spacing::Alone))]);
    let items = parse(tokens).or_else(|| parse(closed))?.items;
    (!items.is_empty()).then_some(items)
}

/// `static ref NAME` without the `ref`, as lazily initialised statics are written.
fn without_ref(tokens: TokenStream) -> TokenStream {
    let mut behind_static = false;
    tokens
        .into_iter()
        .filter(|tree| {
            let word = match tree {
                TokenTree::Ident(word) => word.to_string(),
                _ => String::new(),
            };
            let drop = behind_static && word == "ref";
            behind_static = word == "static";
            !drop
        })
        .collect()
}
