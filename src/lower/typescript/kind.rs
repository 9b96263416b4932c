//! The grammar's node and field names as enums, so that the rest matches on values instead of text.
//!
//! What belongs here: names of the grammar. What may not enter: what a node means.

use std::sync::OnceLock;
use tree_sitter::Language;

/// Writes an enum whose variants are names of the grammar, and the look-up from the name.
macro_rules! names {
    ($(#[$doc:meta])* $enum:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum $enum {
            $(#[doc = concat!("`", $text, "`")] $variant,)+
            /// Any name that is of no interest.
            Other,
        }

        impl $enum {
            fn of(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)+
                    _ => Self::Other,
                }
            }
        }
    };
}

names! {
    /// Nodes with a name. Those that only wrap text (`string_fragment`) are left out on purpose.
    Named {
        AbstractClass = "abstract_class_declaration",
        AbstractMethod = "abstract_method_signature",
        Accessibility = "accessibility_modifier",
        Ambient = "ambient_declaration",
        Arguments = "arguments",
        Array = "array",
        ArrayPattern = "array_pattern",
        ArrayType = "array_type",
        Arrow = "arrow_function",
        As = "as_expression",
        Asserts = "asserts",
        AssertsAnnotation = "asserts_annotation",
        Assignment = "assignment_expression",
        AssignmentPattern = "assignment_pattern",
        Augmented = "augmented_assignment_expression",
        Await = "await_expression",
        Binary = "binary_expression",
        Break = "break_statement",
        Call = "call_expression",
        CallSignature = "call_signature",
        Catch = "catch_clause",
        Class = "class",
        ClassBody = "class_body",
        ClassDeclaration = "class_declaration",
        ClassHeritage = "class_heritage",
        StaticBlock = "class_static_block",
        Comment = "comment",
        Computed = "computed_property_name",
        ConditionalType = "conditional_type",
        Construct = "construct_signature",
        ConstructorType = "constructor_type",
        Continue = "continue_statement",
        Decorator = "decorator",
        Do = "do_statement",
        Else = "else_clause",
        Empty = "empty_statement",
        EnumAssignment = "enum_assignment",
        EnumBody = "enum_body",
        Enum = "enum_declaration",
        ExportClause = "export_clause",
        ExportSpecifier = "export_specifier",
        Export = "export_statement",
        ExpressionStatement = "expression_statement",
        Extends = "extends_clause",
        ExtendsType = "extends_type_clause",
        False = "false",
        Finally = "finally_clause",
        ForIn = "for_in_statement",
        For = "for_statement",
        Parameters = "formal_parameters",
        FunctionDeclaration = "function_declaration",
        Function = "function_expression",
        FunctionSignature = "function_signature",
        FunctionType = "function_type",
        Generator = "generator_function",
        GeneratorDeclaration = "generator_function_declaration",
        GenericType = "generic_type",
        Hashbang = "hash_bang_line",
        HtmlComment = "html_comment",
        Identifier = "identifier",
        If = "if_statement",
        Implements = "implements_clause",
        ImportCallee = "import",
        ImportAlias = "import_alias",
        ImportClause = "import_clause",
        ImportRequire = "import_require_clause",
        ImportSpecifier = "import_specifier",
        Import = "import_statement",
        IndexSignature = "index_signature",
        KeyOf = "index_type_query",
        Infer = "infer_type",
        Instantiation = "instantiation_expression",
        InterfaceBody = "interface_body",
        Interface = "interface_declaration",
        Namespace = "internal_module",
        Intersection = "intersection_type",
        JsxAttribute = "jsx_attribute",
        JsxClosing = "jsx_closing_element",
        JsxElement = "jsx_element",
        JsxExpression = "jsx_expression",
        JsxName = "jsx_namespace_name",
        JsxOpening = "jsx_opening_element",
        JsxSelfClosing = "jsx_self_closing_element",
        Labeled = "labeled_statement",
        Lexical = "lexical_declaration",
        LiteralType = "literal_type",
        LookupType = "lookup_type",
        Member = "member_expression",
        Meta = "meta_property",
        Method = "method_definition",
        MethodSignature = "method_signature",
        Module = "module",
        ImportList = "named_imports",
        NamespaceExport = "namespace_export",
        NamespaceImport = "namespace_import",
        NestedIdentifier = "nested_identifier",
        NestedType = "nested_type_identifier",
        New = "new_expression",
        NonNull = "non_null_expression",
        Null = "null",
        Number = "number",
        Object = "object",
        ObjectAssignmentPattern = "object_assignment_pattern",
        ObjectPattern = "object_pattern",
        ObjectType = "object_type",
        OptionalChain = "optional_chain",
        OptionalParameter = "optional_parameter",
        OptionalType = "optional_type",
        Pair = "pair",
        PairPattern = "pair_pattern",
        Parenthesized = "parenthesized_expression",
        ParenthesizedType = "parenthesized_type",
        PredefinedType = "predefined_type",
        PrivateProperty = "private_property_identifier",
        Program = "program",
        Property = "property_identifier",
        PropertySignature = "property_signature",
        FieldDefinition = "public_field_definition",
        ReadonlyType = "readonly_type",
        Regex = "regex",
        RequiredParameter = "required_parameter",
        RestPattern = "rest_pattern",
        RestType = "rest_type",
        Return = "return_statement",
        Satisfies = "satisfies_expression",
        Sequence = "sequence_expression",
        Shorthand = "shorthand_property_identifier",
        ShorthandPattern = "shorthand_property_identifier_pattern",
        Spread = "spread_element",
        Label = "statement_identifier",
        Block = "statement_block",
        String = "string",
        Subscript = "subscript_expression",
        Super = "super",
        SwitchBody = "switch_body",
        Case = "switch_case",
        DefaultCase = "switch_default",
        Switch = "switch_statement",
        TemplateLiteralType = "template_literal_type",
        Template = "template_string",
        Substitution = "template_substitution",
        Ternary = "ternary_expression",
        This = "this",
        ThisType = "this_type",
        Throw = "throw_statement",
        True = "true",
        Try = "try_statement",
        TupleType = "tuple_type",
        TypeAlias = "type_alias_declaration",
        TypeAnnotation = "type_annotation",
        TypeArguments = "type_arguments",
        TypeAssertion = "type_assertion",
        TypeIdentifier = "type_identifier",
        TypePredicate = "type_predicate",
        TypePredicateAnnotation = "type_predicate_annotation",
        TypeQuery = "type_query",
        Unary = "unary_expression",
        Undefined = "undefined",
        UnionType = "union_type",
        Update = "update_expression",
        VariableDeclaration = "variable_declaration",
        Declarator = "variable_declarator",
        While = "while_statement",
        With = "with_statement",
        Yield = "yield_expression",
    }
}

names! {
    /// Tokens without a name that say something.
    Token {
        Arrow = "=>",
        Assign = "=",
        Async = "async",
        Await = "await",
        Comma = ",",
        Class = "class",
        Const = "const",
        Default = "default",
        Function = "function",
        Optional = "?.",
        Readonly = "readonly",
        Spread = "...",
        Static = "static",
        Type = "type",
        Using = "using",
    }
}

names! {
    /// Roles that children have.
    Role {
        Alias = "alias",
        Alternative = "alternative",
        Argument = "argument",
        Arguments = "arguments",
        Attribute = "attribute",
        Body = "body",
        Condition = "condition",
        Consequence = "consequence",
        Constructor = "constructor",
        Declaration = "declaration",
        Decorator = "decorator",
        Finalizer = "finalizer",
        Function = "function",
        Handler = "handler",
        Increment = "increment",
        Index = "index",
        Initializer = "initializer",
        Key = "key",
        Kind = "kind",
        Label = "label",
        Left = "left",
        Module = "module",
        Name = "name",
        Object = "object",
        OpenTag = "open_tag",
        Operator = "operator",
        Parameter = "parameter",
        Parameters = "parameters",
        Pattern = "pattern",
        Property = "property",
        ReturnType = "return_type",
        Right = "right",
        Source = "source",
        Type = "type",
        TypeArguments = "type_arguments",
        Value = "value",
    }
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A node with a name.
    Named(Named),
    /// A token.
    Token(Token),
    /// Text that the parser does not understand.
    Error,
}

/// The kinds and roles of one grammar by the numbers that its nodes carry.
pub(super) struct Tables {
    kinds: Vec<Kind>,
    roles: Vec<Role>,
}

impl Tables {
    fn new(language: &Language) -> Self {
        let number = |index: usize| u16::try_from(index).unwrap_or(u16::MAX);
        let kinds = (0..language.node_kind_count())
            .map(number)
            .map(|id| {
                let name = language.node_kind_for_id(id).unwrap_or("");
                if language.node_kind_is_named(id) {
                    Kind::Named(Named::of(name))
                } else {
                    Kind::Token(Token::of(name))
                }
            })
            .collect();
        let roles = (0..=language.field_count())
            .map(|id| Role::of(language.field_name_for_id(number(id)).unwrap_or("")))
            .collect();
        Self { kinds, roles }
    }

    /// The kind of a node.
    pub(super) fn kind(&self, id: u16) -> Kind {
        // The error node has the one number that is past the table.
        self.kinds.get(id as usize).copied().unwrap_or(Kind::Error)
    }

    /// The role of a child; `None` for a child without one.
    pub(super) fn role(&self, id: Option<std::num::NonZeroU16>) -> Option<Role> {
        let role = self.roles.get(id?.get() as usize).copied()?;
        (role != Role::Other).then_some(role)
    }
}

/// A grammar with its tables.
pub(super) struct Grammar {
    /// What the parser takes.
    pub(super) language: Language,
    /// What its numbers mean.
    pub(super) tables: Tables,
}

impl Grammar {
    fn new(language: Language) -> Self {
        let tables = Tables::new(&language);
        Self { language, tables }
    }

    /// TypeScript, where `<T>x` is a type assertion.
    pub(super) fn typescript() -> &'static Self {
        static GRAMMAR: OnceLock<Grammar> = OnceLock::new();
        GRAMMAR.get_or_init(|| Self::new(tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()))
    }

    /// TypeScript with JSX, which is also how JavaScript is read.
    pub(super) fn tsx() -> &'static Self {
        static GRAMMAR: OnceLock<Grammar> = OnceLock::new();
        GRAMMAR.get_or_init(|| Self::new(tree_sitter_typescript::LANGUAGE_TSX.into()))
    }
}
