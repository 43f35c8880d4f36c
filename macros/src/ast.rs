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
    /// Options that are given again, which is reported with the layer's label.
    pub again: Vec<(Ident, Value)>,
    /// The option behind which there is a value without a name.
    pub late: Option<Ident>,
    /// What messages call it: `` `conv1` `` or ``the 2nd `ReLU` ``.
    pub label: String,
    /// How many outputs what comes after it wants, as far as that is written.
    pub wanted: Option<usize>,
}

impl Call {
    /// Without arguments.
    pub fn new(path: Path, layer: Ident, generics: Vec<GenericArgument>) -> Self {
        Call {
            path,
            layer,
            generics,
            positional: Vec::new(),
            named: Vec::new(),
            again: Vec::new(),
            late: None,
            label: String::new(),
            wanted: None,
        }
    }
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
        end: Span,
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
        end: Span,
    },
    Tuple {
        items: Vec<Value>,
        span: Span,
    },
    /// `[16, 5, _]`
    Shape(ShapeExpr),
    /// `in -> out`
    Arrow(Box<Value>, Box<Value>),
    /// What is no value anywhere, which is reported where it is known what it should be.
    Wrong {
        why: Wrong,
        text: String,
        span: Span,
        end: Span,
    },
    /// Something wrong, which has been reported.
    Bad(Span),
}

/// Why a literal is none of ours.
#[derive(Clone, Copy, PartialEq)]
pub enum Wrong {
    /// `-1`
    Negative,
    /// `99999999999999999999`
    TooLarge,
    /// `3u8`
    Suffix,
    /// `"same"` and its like
    Text,
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
            | Value::Wrong { span, .. }
            | Value::Bad(span) => *span,
        }
    }

    /// Where its last token stands.
    pub fn end(&self) -> Span {
        match self {
            Value::Arrow(_, right) => right.end(),
            Value::Float { end, .. } | Value::Expr { end, .. } | Value::Wrong { end, .. } => *end,
            other => other.span(),
        }
    }

    /// As it is written, or nearly so.
    pub fn code(&self) -> String {
        match self {
            Value::Int(Num { known: Some(n), .. }) => n.to_string(),
            Value::Int(num) => num.tokens.to_string(),
            Value::Float { value, .. } => value.to_string(),
            Value::Bool { value, .. } => value.to_string(),
            Value::Word(word) => word.to_string(),
            Value::Expr { tokens, .. } => code(tokens),
            Value::Tuple { items, .. } => {
                let items: Vec<String> = items.iter().map(Value::code).collect();
                format!("({})", items.join(", "))
            }
            Value::Shape(shape) => shape.code(),
            Value::Arrow(left, right) => format!("{} -> {}", left.code(), right.code()),
            Value::Wrong { text, .. } => text.clone(),
            Value::Bad(_) => "_".to_string(),
        }
    }
}

/// Tokens as they would be written.
pub fn code(tokens: &TokenStream) -> String {
    let mut text = tokens.to_string();
    for (spaced, written) in [(" :: ", "::"), (" (", "("), ("( ", "("), (" )", ")"), (" ,", ",")] {
        text = text.replace(spaced, written);
    }
    text
}

impl ShapeExpr {
    /// As it is written.
    pub fn code(&self) -> String {
        let dims = self.dims.iter().map(|dim| match dim {
            Dim::Size(num) => Value::Int(num.clone()).code(),
            Dim::Open => "_".to_string(),
            Dim::Variable(name) => name.to_string(),
        });
        format!("[{}]", dims.collect::<Vec<_>>().join(", "))
    }
}
