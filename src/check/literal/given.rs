//! Texts that are given to a credential's name: variables, fields, parameters, setters.

use super::CredentialPosition;
use super::names::{Class, Lexicon};
use super::siblings::{Setting, setting, text};
use crate::model::{
    Call, CallForm, Entry, FunctionId, FunctionKind, Language, Literal, Module, Name, StoreKey,
    TypeDeclKind, ValueId, ValueKind,
};
use crate::source::Span;
use rustc_hash::{FxHashMap, FxHashSet};

/// A text and the name that it is given to.
#[derive(Debug)]
pub(super) struct Given<'a> {
    /// The name.
    pub(super) name: Name,
    /// What the name promises.
    pub(super) class: Class,
    /// The text.
    pub(super) text: &'a str,
    /// Where the literal is written.
    pub(super) span: Span,
    /// What stands beside it.
    pub(super) setting: Setting,
    /// How it is known.
    pub(super) way: Way,
    /// Where it is used, if that is known and elsewhere.
    pub(super) used_at: Option<Span>,
}

impl Given<'_> {
    /// Whether it is a credential by where it is used.
    pub(super) fn certain(&self) -> bool {
        self.way == Way::Position
    }
}

/// How it is known that a text is given to a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By the name.
    Name,
    /// By a position that is one.
    Position,
}

/// All texts of a module that are given to a credential's name or stand at one of the positions; a text that is given to several
/// names comes once.
pub(super) fn all<'a>(
    module: &'a Module,
    positions: &[CredentialPosition],
    lexicon: &Lexicon,
) -> Vec<Given<'a>> {
    let mut finder = Finder {
        module,
        lexicon,
        functions: free_functions(module),
        seen: FxHashSet::default(),
        found: Vec::new(),
    };
    for position in positions {
        let first = finder.found.len();
        finder.give(
            &position.name,
            Class::Secret,
            position.value,
            Setting::default(),
            Way::Position,
        );
        for given in finder.found.iter_mut().skip(first) {
            given.used_at = (!position.span.contains(given.span)).then_some(position.span);
        }
    }
    finder.objects();
    finder.variables();
    finder.calls();
    finder.found
}

fn free_functions(module: &Module) -> FxHashMap<&str, FunctionId> {
    let functions = module.functions.iter().enumerate();
    functions
        .filter(|(_, function)| function.kind == FunctionKind::Function)
        .filter_map(|(index, function)| Some((function.name.as_deref()?, FunctionId::at(index))))
        .collect()
}

struct Finder<'a, 'b> {
    module: &'a Module,
    lexicon: &'b Lexicon,
    /// Functions that are called by one name; of two with the same name the last.
    functions: FxHashMap<&'a str, FunctionId>,
    seen: FxHashSet<Span>,
    found: Vec<Given<'a>>,
}

impl<'a> Finder<'a, '_> {
    fn named(&mut self, name: &Name, value: ValueId, setting: Setting) {
        if let Some(class) = self.lexicon.class(name) {
            self.give(name, class, value, setting, Way::Name);
        }
    }

    fn give(&mut self, name: &Name, class: Class, value: ValueId, setting: Setting, way: Way) {
        let mut literals = Vec::new();
        self.literals(value, 0, &mut literals);
        for (text, span) in literals {
            if self.seen.insert(span) {
                let name = name.clone();
                self.found.push(Given {
                    name,
                    class,
                    text,
                    span,
                    setting,
                    way,
                    used_at: None,
                });
            }
        }
    }

    /// The literals that a value is made of. A value that may also be something else (`env.SECRET ?? "x"`) is a fallback, of which
    /// another rule speaks.
    fn literals(&self, value: ValueId, depth: u8, found: &mut Vec<(&'a str, Span)>) -> bool {
        if depth > 6 {
            return false;
        }
        match self.module.kind(value) {
            ValueKind::Literal(Literal::Str(text)) => found.push((text, self.module.span(value))),
            ValueKind::Literal(_) => {}
            ValueKind::Cast { value, .. } | ValueKind::Await(value) | ValueKind::Unwrap(value) => {
                return self.literals(*value, depth + 1, found);
            }
            ValueKind::List(items) => {
                for item in items.iter().take(64) {
                    self.literals(item.value, depth + 1, found);
                }
            }
            ValueKind::Join(parts) => {
                let mut ours = Vec::new();
                let constant = parts
                    .iter()
                    .all(|part| self.literals(*part, depth + 1, &mut ours));
                if constant {
                    found.append(&mut ours);
                }
                return constant;
            }
            ValueKind::Call(call) => {
                let Some(inner) = self.converted(self.module.call(*call)) else {
                    return false;
                };
                return self.literals(inner, depth + 1, found);
            }
            _ => return false,
        }
        true
    }

    /// What a conversion is made of: `"x".to_string()`, `String::from("x")`, `Buffer.from("x")`. A receiver that holds data is what is
    /// converted; what such a call is given says how (`bytes.toString("hex")`).
    fn converted(&self, call: &Call) -> Option<ValueId> {
        if !self.lexicon.is_conversion(self.callee(call)?) {
            return None;
        }
        let holder = call.receiver.filter(|receiver| !self.is_tool(*receiver));
        holder.or_else(|| call.args.first().map(|arg| arg.value))
    }

    /// Whether a receiver only converts, and holds nothing itself: `Buffer`, `new TextEncoder()`.
    fn is_tool(&self, receiver: ValueId) -> bool {
        match self.module.kind(receiver) {
            ValueKind::Global(_)
            | ValueKind::Import(_)
            | ValueKind::Path(_)
            | ValueKind::Class(_) => true,
            ValueKind::Call(call) => {
                let call = self.module.call(*call);
                call.form == CallForm::New && call.args.is_empty()
            }
            _ => false,
        }
    }

    /// The function of this file that is called.
    fn function(&self, call: &Call) -> Option<FunctionId> {
        match self.module.kind(call.callee) {
            ValueKind::Function(function) => Some(*function),
            ValueKind::Path(path) => match path.as_slice() {
                [name] => self.functions.get(name.as_str()).copied(),
                _ => None,
            },
            _ => None,
        }
    }

    /// The last name of what is called.
    fn callee(&self, call: &Call) -> Option<&'a Name> {
        match self.module.kind(call.callee) {
            ValueKind::Member { name, .. } | ValueKind::Global(name) => Some(name),
            ValueKind::Path(path) => path.last(),
            ValueKind::Import(import) => Some(&self.module.import(*import).local),
            _ => None,
        }
    }

    /// `{ secret: "x" }`, `Config { secret: "x" }`.
    fn objects(&mut self) {
        let elements = self.jsx();
        for (index, value) in self.module.values.iter().enumerate() {
            let ValueKind::Object(entries) = &value.kind else {
                continue;
            };
            if elements.contains(&ValueId::at(index)) {
                continue;
            }
            let mut beside = None;
            for entry in entries {
                let (key, value) = match entry {
                    Entry::Field { key, value, .. } => (key.clone(), *value),
                    Entry::Computed { key, value } => match text(self.module, *key) {
                        Some(key) => (key.into(), *value),
                        None => continue,
                    },
                    Entry::Spread(_) => continue,
                };
                if self.lexicon.class(&key).is_some() {
                    let setting =
                        *beside.get_or_insert_with(|| setting(self.module, entries, self.lexicon));
                    self.named(&key, value, setting);
                }
            }
        }
    }

    /// The objects that hold the properties of elements: texts for people.
    fn jsx(&self) -> FxHashSet<ValueId> {
        let calls = self.module.calls.iter();
        calls
            .filter(|call| call.form == CallForm::Jsx)
            .filter_map(|call| call.args.first())
            .map(|arg| arg.value)
            .collect()
    }

    /// Variables, parameters' defaults, fields and properties.
    fn variables(&mut self) {
        for binding in &self.module.bindings {
            self.named(&binding.name, binding.value, Setting::default());
        }
        for store in &self.module.stores {
            match &store.key {
                StoreKey::Member(name) => self.named(name, store.value, Setting::default()),
                StoreKey::Index(key) => {
                    if let Some(name) = text(self.module, *key) {
                        self.named(&name.into(), store.value, Setting::default());
                    }
                }
                StoreKey::Whole => {
                    // A variable that the file does not declare is a global one.
                    if let ValueKind::Global(name) = self.module.kind(store.target) {
                        self.named(name, store.value, Setting::default());
                    }
                }
            }
        }
        let params = self
            .module
            .functions
            .iter()
            .flat_map(|function| &function.params);
        for param in params {
            if let (Some(name), Some(default)) = (&param.name, param.default) {
                self.named(name, default, Setting::default());
            }
        }
        for decl in self
            .module
            .types
            .iter()
            .filter(|decl| decl.kind != TypeDeclKind::Enum)
        {
            for field in &decl.fields {
                if let Some(value) = field.value {
                    self.named(&field.name, value, Setting::default());
                }
            }
        }
    }

    /// `connect(.., "x")` of a function in this file, `.password("x")`, `map.insert("secret", "x")`.
    fn calls(&mut self) {
        for call in &self.module.calls {
            if matches!(
                call.form,
                CallForm::Decorator | CallForm::Attribute | CallForm::Jsx | CallForm::Macro
            ) {
                continue;
            }
            if let Some(function) = self.function(call) {
                let params = &self.module.function(function).params;
                for (param, arg) in params.iter().zip(&call.args) {
                    if let (Some(name), false) = (&param.name, arg.spread || param.rest) {
                        self.named(name, arg.value, Setting::default());
                    }
                }
                continue;
            }
            let Some(callee) = self.callee(call) else {
                continue;
            };
            match call.args.as_slice() {
                [value] if call.receiver.is_some() => {
                    let bare = self.module.language == Language::Rust;
                    if let Some(class) = self.lexicon.setter_class(callee, bare) {
                        let setting = Setting {
                            login: true,
                            ..Setting::default()
                        };
                        self.give(callee, class, value.value, setting, Way::Name);
                    }
                }
                [key, value, ..] if self.lexicon.is_setter(callee) => {
                    if let Some(name) = text(self.module, key.value) {
                        self.named(&name.into(), value.value, Setting::default());
                    }
                }
                _ => {}
            }
        }
    }
}
