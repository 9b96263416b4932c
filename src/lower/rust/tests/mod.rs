//! Tests of the whole room: what code becomes, and what hostile text does not do.

mod code;
mod declarations;
mod hostile;
mod macros;
mod show;
