//! The vocabulary's own examples, and what names and texts are judged to be.

#[path = "../../../tests/support/recipe.rs"]
mod recipe;

use super::given::{Given, Way};
use super::names::Class;
use super::siblings::Setting;
use super::*;
use crate::model::{Language, Value};
use crate::source::FileId;
use crate::vocabulary::Vocabulary;

fn vocabulary() -> &'static Vocabulary {
    match Vocabulary::builtin() {
        Ok(vocabulary) => vocabulary,
        Err(error) => panic!("{error}"),
    }
}

fn secrets() -> Secrets {
    let vocabulary = vocabulary();
    match Secrets::new(vocabulary.secrets.iter(), &vocabulary.names) {
        Ok(secrets) => secrets,
        Err((id, error)) => panic!("{id}: {error}"),
    }
}

/// A module whose only value is one literal: the quoted text of a fragment of code, else the whole text.
fn module_of(text: &str) -> Module {
    let quote = |quote: char| Some((text.find(quote)?, text.rfind(quote)? + 1));
    let (start, end) = quote('\'')
        .or_else(|| quote('"'))
        .unwrap_or((0, text.len()));
    Module {
        file: FileId(0),
        language: Language::TypeScript,
        functions: Vec::new(),
        values: vec![Value {
            kind: ValueKind::Literal(Literal::Str("x".into())),
            span: Span::new(start, end),
        }],
        calls: Vec::new(),
        stores: Vec::new(),
        blocks: Vec::new(),
        bindings: Vec::new(),
        imports: Vec::new(),
        exports: Vec::new(),
        types: Vec::new(),
        child_modules: Vec::new(),
        directives: Vec::new(),
        comments: Vec::new(),
        test_spans: Vec::new(),
        has_jsx: false,
        gaps: Vec::new(),
    }
}

/// The id or title of the shape that a text has.
fn shape_of(secrets: &Secrets, recipe: &str) -> Option<Name> {
    let text = recipe::expand(recipe);
    let module = module_of(&text);
    let file = SourceFile::new("src/app.ts", text);
    let hits = find(&module, &file, secrets, &[], Depth::Full);
    hits.into_iter().next().map(|hit| match hit.kind {
        LiteralKind::Shape { id, .. } => id,
        LiteralKind::ConnectionString { title, .. } => title,
        LiteralKind::Given(name) => name,
    })
}

#[test]
fn every_shape_finds_its_examples_and_leaves_its_lookalikes() {
    let secrets = secrets();
    let mut wrong = Vec::new();
    for row in vocabulary().secrets.iter() {
        let id = if row.password { &row.title } else { &row.id };
        if row.examples.len() < 2 || row.lookalikes.len() < 2 {
            wrong.push(format!(
                "{}: two examples and two look-alikes at least",
                row.id
            ));
        }
        for example in &row.examples {
            let found = shape_of(&secrets, example);
            if found.as_ref() != Some(id) {
                wrong.push(format!("{}: {example} is found as {found:?}", row.id));
            }
        }
        for lookalike in &row.lookalikes {
            let found = shape_of(&secrets, lookalike);
            if found.as_ref() == Some(id) {
                wrong.push(format!("{}: {lookalike} is found", row.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_is_typed_to_show_a_shape_is_none() {
    let secrets = secrets();
    for text in [
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "sk-1234567890abcdef1234567890abcdef",
        "postgres://user:<password>@localhost/books",
        "postgres://user:your-password@localhost/books",
        "https://user:****@git.internal/books",
    ] {
        assert_eq!(shape_of(&secrets, text), None, "{text}");
    }
}

#[test]
fn hits_hold_places_not_texts() {
    let secrets = secrets();
    let text = recipe::expand("const url = 'postgres://books:{alnum:14}@db.internal/books';");
    let file = SourceFile::new("src/app.ts", text.as_str());
    let hits = find(&module_of(&text), &file, &secrets, &[], Depth::Full);
    let [hit] = hits.as_slice() else {
        panic!("{hits:?}");
    };
    assert!(hit.span.text(&text).starts_with("'postgres://"));
    assert_eq!(hit.redact.text(&text).len(), 14);
    assert!(!format!("{hit:?}").contains(hit.redact.text(&text)));
}

#[test]
fn names_of_credentials_are_told_from_names_about_them() {
    let lexicon = Lexicon::new(&vocabulary().names);
    for name in [
        "password",
        "DB_PASSWORD",
        "dbPassword",
        "pwd",
        "adminPasswd",
    ] {
        assert_eq!(lexicon.class(name), Some(Class::Password), "{name}");
    }
    for name in [
        "secret",
        "JWT_SECRET",
        "clientSecret",
        "secretOrKey",
        "cookieSecret",
        "encryptionKey",
        "cryptoKey",
        "SECRET_KEY",
        "consumerSecret",
        "secretKeyBase",
    ] {
        assert_eq!(lexicon.class(name), Some(Class::Secret), "{name}");
    }
    for name in [
        "apiKey",
        "API_KEY",
        "zapApiKey",
        "authToken",
        "accessToken",
        "privateKey",
        "secretToken",
        "botToken",
        "Authorization",
    ] {
        assert_eq!(lexicon.class(name), Some(Class::Token), "{name}");
    }
    assert!(lexicon.class("secretAccessKey").is_some());
    for name in [
        "passwordField",
        "tokenUrl",
        "secretName",
        "passwordHint",
        "cookieName",
        "apiKeyHeader",
        "csrfTokenKey",
        "tokenId",
        "passwordHash",
        "tokenType",
        "isPassword",
        "forgotPassword",
        "publicKey",
        "NEXT_PUBLIC_API_KEY",
        "resetPasswordToken",
        "invalidPasswordErrorMessage",
        "secretary",
        "key",
        "sortKey",
        "passwordMinLength",
        "secretManager",
        "tokenService",
        "nextPageToken",
        "passwordStrategy",
        "tokenExpiresIn",
        "keyword",
        "monkey",
        "apiKeyPrefix",
        "passwordColumn",
        "cacheKey",
        "confirmPassword",
    ] {
        assert_eq!(lexicon.class(name), None, "{name}");
    }
}

const ALONE: Setting = Setting {
    login: false,
    texts: false,
    entry: false,
    only_texts: false,
};
const ENTRY: Setting = Setting {
    entry: true,
    ..ALONE
};
const LOGIN: Setting = Setting {
    entry: true,
    login: true,
    ..ALONE
};
const TEXTS: Setting = Setting {
    entry: true,
    texts: true,
    only_texts: true,
    ..ALONE
};

fn judged(name: &str, text: &str, setting: Setting) -> Option<Confidence> {
    let lexicon = Lexicon::new(&vocabulary().names);
    let given = Given {
        name: name.into(),
        class: lexicon.class(name)?,
        text,
        span: Span::default(),
        setting,
        way: Way::Name,
        used_at: None,
    };
    judge::judge(&given, &lexicon)
}

#[test]
fn plausible_texts_are_credentials() {
    for (name, text, setting) in [
        ("secret", "keyboard cat", ENTRY),
        ("JWT_SECRET", "secret", ALONE),
        ("jwtSecret", "my-jwt-secret", ALONE),
        ("SECRET_KEY", "super-secret-key", ALONE),
        ("secret", "changeme", ENTRY),
        (
            "sessionSecret",
            "a_long_phrase_of_the_session_for_ever",
            ENTRY,
        ),
        ("password", "root", LOGIN),
        ("password", "pwd", LOGIN),
        ("password", "postgres", LOGIN),
        ("pass", "postgres", LOGIN),
        ("password", "SuperSecretPassword", LOGIN),
        ("password", "hunter2", ENTRY),
        ("dbPassword", "Tr0ub4dor&3", ALONE),
        ("adminPassword", "letmein", ALONE),
        ("apiKey", "q8dn0balpqws1pkc281tn5ook1", ENTRY),
        (
            "token",
            "SESSION_TOKEN_f8ed84e8f41e4146403dd4a6bbcea5e4",
            ALONE,
        ),
        ("Authorization", "Bearer q8dn0balpqws1pkc281tn5ook1", ENTRY),
        ("apiKey", "3f0c2a4e-9b1d-4c55-8a77-1d2e3f4a5b6c", TEXTS),
    ] {
        assert!(judged(name, text, setting).is_some(), "{name} = {text}");
    }
}

#[test]
fn other_texts_are_left_alone() {
    for (name, text, setting) in [
        ("apiKey", "your-api-key-here", ENTRY),
        ("apiKey", "<api-key>", ENTRY),
        ("token", "...", ENTRY),
        ("token", "xxxxxxxxxxxx", ENTRY),
        ("secret", "", ENTRY),
        ("secret", "${SECRET}", ENTRY),
        ("password", "password", ENTRY),
        ("password", "Password", LOGIN),
        ("password", "Mot de passe", LOGIN),
        ("password", "Passwort", TEXTS),
        ("password", "string", LOGIN),
        ("password", "required|min:8", LOGIN),
        ("password", "Invalid password.", ALONE),
        ("accessToken", "access_token", ENTRY),
        ("TOKEN", "token", ENTRY),
        ("refreshToken", "refresh-token", ALONE),
        ("apiKey", "x-api-key", ALONE),
        ("clientSecret", "client_secret", ENTRY),
        ("secret", "The shared secret of the hook", ENTRY),
        ("password", "/run/secrets/db_password", LOGIN),
        ("password", "users.password", ENTRY),
        ("password", "DB_PASSWORD", LOGIN),
        ("password", "$2b$10$abcdefghijklmnopqrstuv", LOGIN),
        ("password", "current-password", ENTRY),
        ("token", "Bearer", ENTRY),
        ("token", "identifier", ALONE),
        ("token", "urn:bookshop:token-type:access", ALONE),
        ("password", "#password-field", ALONE),
        ("passwordUrl", "q8dn0balpqws1pkc281tn5ook1", ALONE),
    ] {
        assert_eq!(judged(name, text, setting), None, "{name} = {text}");
    }
}
