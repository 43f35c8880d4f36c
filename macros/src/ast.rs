//! What the user wrote, before it means anything.

use crate::diagnostics::Diagnostics;
use proc_macro2::{Ident, Span, TokenStream};
use syn::{Attribute, GenericArgument, Generics, Path, Visibility};

pub struct Network {
    pub attrs: Vec<Attribute>,
    pub vis: Visibility,
    pub name: Ident,
    /// `<const IN: usize>`
    pub generics: Generics,
    /// `for<H, W>`
    pub variables: Vec<Ident>,
    pub input: ShapeExpr,
    pub output: ShapeExpr,
    pub steps: Vec<Step>,
    /// What is wrong with it.
    pub mistakes: Diagnostics,
}

/// `[3, 32, 32]`.
#[derive(Clone)]
pub struct ShapeExpr {
    pub dims: Vec<Dim>,
    pub span: Span,
}

impl ShapeExpr {
    /// `[_]`.
    pub fn open(span: Span) -> Self {
        ShapeExpr { dims: vec![Dim::Open], span }
    }
}

#[derive(Clone)]
pub enum Dim {
    Size(Num),
    /// `_`
    Open,
    /// `H` of `for<H, W>`
    Variable(Ident),
}

pub struct Step {
    pub attrs: Vec<Attribute>,
    pub name: Option<Ident>,
    pub kind: StepKind,
}

pub enum StepKind {
    Layer(Call),
    Checkpoint(ShapeExpr),
    Block(Block),
}

/// `Residual { … } shortcut { … }` and its like.
pub struct Block {
    pub join: Join,
    /// Its first word or brace.
    pub span: Span,
    pub branches: Vec<Vec<Step>>,
}

/// How the branches of a block come together.
pub enum Join {
    Chain,
    Residual,
    Shortcut,
    Concat,
    Sum,
    Repeat(Num),
}

/// `Conv2d(6 -> 16, kernel = 5)`, or the path of another network.
pub struct Call {
    pub path: Path,
    /// The last segment of the path.
    pub layer: Ident,
    /// `64, 128, 2` of `ResBlock<64, 128, 2>`
    pub generics: Vec<GenericArgument>,
    pub positional: Vec<Value>,
    pub named: Vec<(Ident, Value)>,
}

/// A whole number: a literal that the macro can read, or an expression that only the compiler can.
#[derive(Clone)]
pub struct Num {
    pub known: Option<usize>,
    pub tokens: TokenStream,
    pub span: Span,
}

/// The value of an argument.
#[derive(Clone)]
pub enum Value {
    Int(Num),
    Float {
        value: f64,
        span: Span,
    },
    Bool {
        value: bool,
        span: Span,
    },
    /// One identifier: a constant, or a mode such as `same`.
    Word(Ident),
    /// A path or `{ … }`, which only the compiler can evaluate.
    Expr {
        tokens: TokenStream,
        span: Span,
    },
    Tuple {
        items: Vec<Value>,
        span: Span,
    },
    /// `[16, 5, _]`
    Shape(ShapeExpr),
    /// `in -> out`
    Arrow(Box<Value>, Box<Value>),
    /// Something wrong, which has been reported.
    Bad(Span),
}

impl Value {
    /// Where to point.
    pub fn span(&self) -> Span {
        match self {
            Value::Int(num) => num.span,
            Value::Word(ident) => ident.span(),
            Value::Shape(shape) => shape.span,
            Value::Arrow(left, _) => left.span(),
            Value::Float { span, .. }
            | Value::Bool { span, .. }
            | Value::Expr { span, .. }
            | Value::Tuple { span, .. }
            | Value::Bad(span) => *span,
        }
    }
}
