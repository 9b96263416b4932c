use super::{args, body, function, ts};
use crate::model::{FunctionKind, TypeDeclKind, ValueKind};

const CLASS: &str = "
@Controller('x')
export class A extends B<T> implements I, n.J {
  static count = make();
  private y: string = 'v';
  arrow = async (req) => { f(this.svc) };
  #secret = 1;
  constructor(private readonly svc: Svc, @Inject(X) x: number, public z = 2) { super(x); this.q = x }
  @Get(':id') async find(@Param('id') id: string): Promise<T> { return super.find(id, this.svc) }
  static make() { return new this() }
  get size() { return this.#secret }
  static { boot(this) }
}";

#[test]
fn members() {
    let module = ts(CLASS);
    let class = &module.types[0];
    assert_eq!(
        (class.name.as_str(), class.kind),
        ("A", TypeDeclKind::Class)
    );
    assert_eq!(class.head.text(CLASS), "A");
    let fields: Vec<_> = class.fields.iter().map(|f| f.name.as_str()).collect();
    assert_eq!(fields, ["count", "y", "arrow", "#secret", "svc", "z"]);
    assert!(class.fields[0].is_static && !class.fields[1].is_static);
    assert_eq!(class.fields[1].ty.as_ref().unwrap().last(), "string");
    assert_eq!(module.dump_value(class.fields[4].value.unwrap()), "@svc");
    let methods: Vec<_> = class
        .methods
        .iter()
        .map(|m| (m.name.as_str(), m.is_static))
        .collect();
    assert_eq!(
        methods,
        [
            ("constructor", false),
            ("find", false),
            ("make", true),
            ("size", false)
        ]
    );
    let heritage: Vec<_> = class.heritage.iter().map(|t| t.path.join(".")).collect();
    assert_eq!(heritage, ["B", "I", "n.J"]);
    assert_eq!(class.heritage[0].args[0].last(), "T");
    assert!(matches!(
        module.kind(class.value.unwrap()),
        ValueKind::Class(_)
    ));
}

#[test]
fn functions_of_a_class() {
    let module = ts(CLASS);
    let constructor = function(&module, "constructor");
    assert_eq!(constructor.kind, FunctionKind::Constructor);
    assert!(constructor.params[0].property && constructor.params[2].property);
    assert!(!constructor.params[1].property);
    for name in ["constructor", "find", "make", "size", "arrow"] {
        assert_eq!(
            function(&module, name).owner.map(|o| o.0),
            Some(0),
            "{name}"
        );
    }
    assert!(function(&module, "find").has_this && !function(&module, "make").has_this);
    let at = constructor.value;
    let ValueKind::Function(id) = *module.kind(at) else {
        panic!()
    };
    // Fields are computed in the constructor, where `this` is the instance.
    assert_eq!(
        args(&module, "f"),
        [format!("this(constructor#{}).svc", id.0)]
    );
    assert_eq!(args(&module, "B"), ["@x"]);
    assert_eq!(
        args(&module, "B.find"),
        [format!("@id, this(find#{}).svc", id.0 + 1)]
    );
    assert_eq!(args(&module, "boot"), ["class A"]);
}

#[test]
fn decorators() {
    let module = ts(CLASS);
    let dump = |ids: &[crate::model::CallId]| {
        let texts: Vec<_> = ids
            .iter()
            .map(|id| module.call(*id))
            .map(|call| (module.dump_value(call.callee), call.name_span.text(CLASS)))
            .collect();
        texts
    };
    assert_eq!(
        dump(&module.types[0].decorators),
        [("Controller".into(), "Controller")]
    );
    let find = function(&module, "find");
    assert_eq!(dump(&find.decorators), [("Get".into(), "Get")]);
    assert_eq!(
        dump(&find.params[0].decorators),
        [("Param".into(), "Param")]
    );
    let constructor = function(&module, "constructor");
    assert_eq!(
        dump(&constructor.params[1].decorators),
        [("Inject".into(), "Inject")]
    );
    assert_eq!(args(&module, "Get"), ["\":id\""]);
    let bare = ts("class A { @Column({ select: false }) a: string; @log b() {} }");
    assert_eq!(bare.types[0].fields[0].decorators.len(), 1);
    assert_eq!(args(&bare, "Column"), ["{select: false}"]);
    assert_eq!(function(&bare, "b").decorators.len(), 1);
}

#[test]
fn fields_without_a_constructor() {
    let module = ts("class A { a = f(this); b = 1 }");
    assert_eq!(module.types[0].methods.len(), 0);
    assert_eq!(
        function(&module, "constructor").kind,
        FunctionKind::Constructor
    );
    assert_eq!(args(&module, "f"), ["this(constructor#1)"]);
    assert_eq!(body(&module, 0), "");
}

#[test]
fn class_expressions() {
    let module = ts("const A = class extends mixin(B, c.D) { m() {} }; f(A); new (class {})()");
    assert_eq!(module.types[0].name, "A");
    assert_eq!(args(&module, "f"), ["class A"]);
    let heritage = &module.types[0].heritage[0];
    assert_eq!(heritage.last(), "mixin");
    assert_eq!(heritage.args[1].path.join("."), "c.D");
    assert_eq!(module.types[1].name, "");
}
