//! [`ast`](crate::ast) to layers with all their options, and the walk over their shapes as far as
//! the macro can know them. What it can't know, the compiler checks by const evaluation, with
//! the same rules and words.

mod args;
mod const_params;
mod init;
mod labels;
mod layers;
mod levels;
mod lints;
mod names;
mod padding;
mod ranks;
mod shapes;
mod variables;
mod walk;

pub use const_params::ConstParams;
pub use layers::{LayerDef, Module, Operation, Spatial, WeightOptions};
pub use lints::Warning;
pub use walk::{described, span};

use crate::ast::{self, Join, Network, ShapeExpr};
use crate::diagnostics::{Diagnostics, helped};
use crate::expand;
use levels::Setting;
use proc_macro2::{Ident, Span};
use quote::{ToTokens, format_ident};
use shapewright_shape::{Shape, StepKind};
use syn::ext::IdentExt;
use syn::{Attribute, GenericArgument, Generics, LitStr, Path, Visibility};

/// A network that has been checked as far as the macro can.
pub struct Checked {
    pub attrs: Vec<Attribute>,
    pub vis: Visibility,
    pub name: Ident,
    pub generics: Generics,
    pub variables: Vec<Ident>,
    pub input: ShapeExpr,
    pub output: ShapeExpr,
    pub steps: Vec<Step>,
    /// The number of steps, those in blocks included.
    pub count: usize,
    /// What is wrong with it.
    pub mistakes: Diagnostics,
    /// The shape that comes out, if it is known here.
    pub output_shape: Option<Shape>,
    /// The files that its code is written to.
    pub expand: Vec<LitStr>,
    /// Which lints are allowed or denied in all of it.
    lints: Vec<Setting>,
    /// What the lints found.
    pub warnings: Vec<Warning>,
}

pub struct Step {
    pub attrs: Vec<Attribute>,
    pub name: Option<Ident>,
    /// Its name or kind with the names of the blocks it is in, for errors when it runs.
    pub path: String,
    /// Among all steps: a block, then those of its branches.
    pub number: usize,
    /// The struct of a block that has a scope of its own: a level in the names of parameters.
    pub scope: Option<Ident>,
    /// Position among the layers of its scope, PyTorch's name for an unnamed one.
    pub index: usize,
    pub kind: Kind,
    /// The number of dimensions that arrive, if it is known here.
    pub rank: Option<usize>,
    /// The shape that arrives, if it is known here.
    pub input: Option<Shape>,
    /// The shape that is given, if it is known here.
    pub output: Option<Shape>,
    /// Which lints are allowed or denied in it.
    lints: Vec<Setting>,
}

pub enum Kind {
    Layer(Box<LayerDef>),
    /// Another network, or a layer of the user's own. What it takes and gives, only the compiler
    /// knows.
    Network(NetworkPath),
    Checkpoint(ShapeExpr),
    Block(Block),
}

/// `models::ResBlock<64, 128, 2>`.
pub struct NetworkPath {
    pub path: Path,
    pub generics: Vec<GenericArgument>,
}

/// Branches of steps.
pub struct Block {
    pub join: Join,
    pub span: Span,
    pub branches: Vec<Vec<Step>>,
}

impl Kind {
    /// The step for the shape engine, if it is no block and all its numbers are known.
    pub fn known(&self) -> Option<StepKind<'static>> {
        match self {
            Kind::Layer(def) => def.known.map(StepKind::Layer),
            Kind::Network(_) | Kind::Block(_) => None,
            Kind::Checkpoint(shape) => shape.claim().map(StepKind::Checkpoint),
        }
    }

    /// The branches of a block; none of anything else.
    pub fn branches(&self) -> &[Vec<Step>] {
        if let Kind::Block(block) = self { &block.branches } else { &[] }
    }
}

impl Checked {
    /// Whether the macro could read every number, and so has checked everything itself.
    pub fn all_known(&self) -> bool {
        self.input.claim().is_some() && self.output.claim().is_some() && all_known(&self.steps)
    }

    /// Whether anything is wrong with it.
    pub fn failed(&self) -> bool {
        !self.mistakes.is_empty()
    }

    /// Whether its input's size is open.
    pub fn is_variable(&self) -> bool {
        !self.variables.is_empty()
    }
}

fn all_known(steps: &[Step]) -> bool {
    steps.iter().all(|step| match &step.kind {
        Kind::Block(block) => {
            let rounds = !matches!(&block.join, Join::Repeat(n) if n.known.is_none());
            rounds && block.branches.iter().all(|branch| all_known(branch))
        }
        kind => kind.known().is_some(),
    })
}

/// Checks one network. `siblings` are the names of all that are declared with it.
pub fn network(mut network: Network, siblings: &[String]) -> Checked {
    let mut mistakes = std::mem::take(&mut network.mistakes);
    variables::check(&network, &mut mistakes);
    labels::assign(&mut network);
    let mut count = 0;
    let all = std::mem::take(&mut network.steps);
    let mut scope = Scope::of(network.name.clone(), String::new(), siblings);
    let mut steps = steps(all, &mut scope, &mut count, &mut mistakes);
    ranks::note(&mut steps, Some(network.input.dims.len()));
    if !network.generics.params.is_empty() {
        ranks::check(&steps, &mut mistakes);
    }
    const_params::check(&network, &steps, &mut mistakes);
    let (attrs, expand) = expand::files(std::mem::take(&mut network.attrs), &mut mistakes);
    let (attrs, lints) = levels::of_network(attrs, &mut mistakes);
    if !mistakes.is_empty() {
        variables::repair(&mut network);
    }
    let mut checked = Checked {
        attrs,
        vis: network.vis,
        name: network.name,
        generics: network.generics,
        variables: network.variables,
        input: network.input,
        output: network.output,
        steps,
        count,
        mistakes,
        output_shape: None,
        expand,
        lints,
        warnings: Vec::new(),
    };
    // After an unknown layer the shapes would only raise errors of their own.
    if !checked.failed() {
        walk::shapes(&mut checked);
    }
    if !checked.failed() {
        checked.warnings = lints::check(&checked);
    }
    checked
}

/// A struct, with the names and numbers that are taken in it.
struct Scope<'a> {
    ident: Ident,
    /// `layer1.`
    path: String,
    names: Vec<Ident>,
    index: usize,
    /// The networks declared together, which are no layers whatever their names.
    siblings: &'a [String],
}

impl<'a> Scope<'a> {
    fn of(ident: Ident, path: String, siblings: &'a [String]) -> Self {
        Scope { ident, path, names: Vec::new(), index: 0, siblings }
    }

    /// `fc_2` if `fc` is taken, which is taken then too.
    fn free(&mut self, name: &Ident, others: &[Ident]) -> Ident {
        let name = name.unraw();
        let mut numbered = (2..).map(|n| format_ident!("{name}_{n}"));
        let is_free = |name: &Ident| !self.names.contains(name) && !others.contains(name);
        let free = numbered.find(is_free).unwrap_or(name);
        self.names.push(free.clone());
        free
    }

    /// The struct of the next block in it: `layer_1` becomes `NetLayer1`, the block without a
    /// name at place 3 `NetBlock3`.
    fn inner(&self, name: &Option<Ident>) -> Ident {
        let owner = &self.ident;
        let Some(name) = name else {
            return format_ident!("{owner}Block{}", self.index, span = owner.span());
        };
        let name = name.unraw().to_string();
        let words = name.split('_').map(|word| {
            let mut letters = word.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters).collect::<String>()
        });
        format_ident!("{owner}{}", words.collect::<String>(), span = owner.span())
    }
}

fn steps(
    all: Vec<ast::Step>,
    scope: &mut Scope,
    count: &mut usize,
    diagnostics: &mut Diagnostics,
) -> Vec<Step> {
    let mut steps = Vec::new();
    let names: Vec<Ident> = all.iter().filter_map(|step| step.name.clone()).collect();
    for ast::Step { attrs, name, kind } in all {
        let (attrs, lints) = levels::of_step(attrs, diagnostics);
        if let Some(name) = &name {
            if scope.names.contains(name) {
                let message = format!("there are two layers named `{name}`");
                let fix = format!("name it `{}`", scope.free(name, &names));
                diagnostics.error(name.span(), helped(message, &[fix]));
                continue;
            }
            scope.names.push(name.clone());
        }
        let (number, index) = (*count, scope.index);
        *count += 1;
        let mut own = None;
        let written = match (&name, &kind) {
            (Some(name), _) => name.unraw().to_string(),
            (None, ast::StepKind::Block(block)) => match block.join {
                Join::Residual | Join::Shortcut => "Residual".to_string(),
                Join::Concat => "Concat".to_string(),
                Join::Sum => "Sum".to_string(),
                Join::Chain | Join::Repeat(_) => index.to_string(),
            },
            (None, _) => index.to_string(),
        };
        let path = format!("{}{written}", scope.path);
        let kind = match kind {
            ast::StepKind::Checkpoint(shape) => Kind::Checkpoint(shape),
            ast::StepKind::Block(ast::Block { join, span, branches }) => {
                let is_scope = name.is_some() || matches!(join, Join::Repeat(_));
                own = is_scope.then(|| scope.inner(&name));
                let siblings = scope.siblings;
                let mut inner =
                    own.clone().map(|ident| Scope::of(ident, format!("{path}."), siblings));
                let inside = inner.as_mut().unwrap_or(&mut *scope);
                let branches = branches.into_iter();
                let branches = branches.map(|b| self::steps(b, inside, count, diagnostics));
                let branches = branches.collect();
                scope.index += is_scope as usize;
                Kind::Block(Block { join, span, branches })
            }
            ast::StepKind::Layer(call) => {
                scope.index += 1;
                match layer(call, scope.siblings, diagnostics) {
                    Some(kind) => kind,
                    None => continue,
                }
            }
        };
        steps.push(Step {
            attrs,
            name,
            path,
            number,
            scope: own,
            index,
            kind,
            rank: None,
            input: None,
            output: None,
            lints,
        });
    }
    steps
}

/// A layer of ours, or a path; `None` if there is no such layer.
fn layer(mut call: ast::Call, siblings: &[String], diagnostics: &mut Diagnostics) -> Option<Kind> {
    if names::is_built_in(&call, siblings) {
        if let Some(generic) = call.generics.first() {
            let code = generic.to_token_stream().to_string();
            let rest = call.positional.is_empty() && call.named.is_empty();
            let fix = format!("write `{}({code}{})`", call.layer, if rest { "" } else { ", …" });
            let message = format!("{} takes its options in parentheses", call.label);
            diagnostics.error_on(generic, helped(message, &[fix]));
            // As if it were written there.
            let tokens = generic.to_token_stream();
            let span = call.layer.span();
            call.positional.insert(0, ast::Value::Expr { tokens, span, end: span });
        }
        return layers::layer(call, diagnostics).map(|def| Kind::Layer(Box::new(def)));
    }
    let message = format!("{} is a network, which takes no arguments", call.label);
    if let Some(value) = call.positional.first() {
        let fix = "remove it".to_string();
        diagnostics.error_between([value.span(), value.end()], helped(&message, &[fix]));
    }
    if let Some((key, value)) = call.named.first() {
        let fix = format!("remove `{key} = {}`", value.code());
        diagnostics.error(key.span(), helped(&message, &[fix]));
    }
    Some(Kind::Network(NetworkPath { path: call.path, generics: call.generics }))
}
