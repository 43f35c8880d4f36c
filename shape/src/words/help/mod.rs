//! What would help: changes that compile.
//!
//! Each is tried on the network before it is offered. If there are any that make all of it right,
//! only those are; else those that make this step right, whatever is wrong after it. Each stands
//! on a line of its own that says what to write, put or declare, the code in backticks.

mod branches;
mod claims;
mod code;
mod input;
mod options;
mod rank;
mod reshape;
mod sizes;
mod window;

use super::place::Place;
use crate::change::Change;
use crate::{Block, Join, Layer, Mistake, Path, Problem, Shape, Step, StepKind, Text};

pub(super) const fn write(t: &mut Text, place: &Place, mistake: &Mistake) {
    let mut help = Help { t, place: *place, mistake: *mistake, goal: Goal::Network, some: false };
    fixes(&mut help);
    if !help.some {
        help.goal = Goal::Step;
        fixes(&mut help);
    }
    if !help.some {
        help.goal = Goal::Options;
        fixes(&mut help);
    }
    advice(&mut help);
}

/// What a change has to make right to be offered.
#[derive(Clone, Copy)]
enum Goal {
    Network,
    /// This step, for what arrives there.
    Step,
    /// The layer's options, where what arrives is not known.
    Options,
}

struct Help<'t, 'a> {
    t: &'t mut Text,
    place: Place<'a>,
    mistake: Mistake,
    goal: Goal,
    /// Whether there is a line already.
    some: bool,
}

/// Changes of the code, each of which has been tried.
const fn fixes(help: &mut Help) {
    match help.mistake.problem {
        Problem::Features { claimed, got } => claims::features(help, claimed, got),
        Problem::Channels { claimed, got } => claims::channels(help, claimed, got),
        Problem::Expected { claim, got } => claims::expected(help, claim, got),
        Problem::ZeroInChannels | Problem::ZeroInFeatures => {
            claims::input_count(help, help.mistake.input.dim(0));
        }
        Problem::ZeroOutput => claims::no_outputs(help),
        Problem::NotFeatures { .. } => rank::not_features(help),
        Problem::NotAnImage { input } => rank::not_an_image(help, input),
        Problem::NotASequence { input } => rank::not_a_sequence(help, input),
        Problem::AnImage { .. } => {
            rank::twin(help);
        }
        Problem::Varies { .. } => rank::varies(help),
        Problem::KernelTooLarge { window, input, pad_lo, pad_hi } => {
            window::too_large(help, &window, input.saturating_add(pad_lo).saturating_add(pad_hi));
        }
        Problem::ZeroKernel { axis } => window::zero_kernel(help, axis),
        Problem::ZeroStride { axis } => window::zero_stride(help, axis),
        Problem::ZeroDilation { axis } => window::zero_dilation(help, axis),
        Problem::PoolPadding { axis, kernel, padding } => {
            window::pool_padding(help, axis, kernel, padding);
        }
        Problem::NothingLeft { axis, painted, .. } => {
            window::nothing_left(help, axis, painted);
        }
        Problem::OutputPadding { axis, stride, dilation, .. } => {
            options::output_padding(help, axis, stride, dilation);
        }
        Problem::ZeroGroups => options::no_groups(help),
        Problem::GroupsInput { groups, channels } | Problem::GroupsOutput { groups, channels } => {
            options::groups(help, groups, channels);
        }
        Problem::Power
        | Problem::Epsilon
        | Problem::Momentum
        | Problem::Init
        | Problem::DropoutProbability
        | Problem::LpWindow => options::default(help),
        Problem::ZeroSize { axis } | Problem::ZeroScale { axis } => sizes::zero(help, axis),
        Problem::ZeroDimension { to } => reshape::zero(help, to),
        Problem::OpenDimensions { to } => reshape::open(help, to),
        Problem::Reshape { to, input } => reshape::other_elements(help, to, input),
        Problem::Network { takes, got } => input::of_network(help, takes, got),
        Problem::BadInput { input } => input::bad(help, input),
        Problem::Branches { join, branch, first, other } => {
            branches::do_not_meet(help, join, branch, first, other);
        }
        Problem::Repeat { takes, gives } => branches::of_repeat(help, takes, gives),
        Problem::ZeroRepeats => branches::no_rounds(help),
        _ => {}
    }
}

/// What no change of one place can do.
const fn advice(help: &mut Help) {
    match help.mistake.problem {
        Problem::KernelTooLarge { input, window, .. } => {
            let start = help.mistake.start;
            if start.rank() > 1 && start.dim(window.axis.dimension()) > input {
                help.line("use fewer pools and strides before it");
            }
        }
        Problem::NotFeatures { input } if !help.some => {
            help.line("features come from a `Flatten`");
            if let Some(n) = input.numel() {
                help.t.str(", which would give ").num(n);
            }
        }
        Problem::NotAnImage { .. } if !help.some => {
            help.line("an image is declared as [channels, height, width], such as `[3, 32, 32]`");
        }
        Problem::NotASequence { .. } if !help.some => {
            help.line("a sequence is declared as [channels, length], such as `[3, 100]`");
        }
        Problem::Network { got, .. } if got.is_example() && !help.some => {
            let place = help.place;
            place.label(help.line(""));
            help.t.str(" is for one size; declare it for any, as this network: `for<H, W>`");
        }
        Problem::Branches { first, other, .. } if !help.some => {
            branches::advice(help, first, other);
        }
        Problem::Repeat { .. } if !help.some => {
            help.line("let the block give as many channels as it takes, or write the steps out");
        }
        Problem::Overflow => {
            help.line("a tensor has at most ").num(isize::MAX as usize / 8).str(" elements");
        }
        _ => {}
    }
}

impl<'a> Help<'_, 'a> {
    /// Begins an alternative.
    const fn line(&mut self, s: &str) -> &mut Text {
        self.t.str(if self.some { "\n      or " } else { "\n\nhelp: " });
        self.some = true;
        self.t.str(s)
    }

    /// Begins an alternative with code for the place of the error. Of a network within this one
    /// the code is not there, and may be right in other places.
    const fn code(&mut self, before: &str) -> &mut Text {
        if self.place.is_inside() {
            let name = self.place.network.name;
            return self.line("in `").str(name).str("`, `");
        }
        self.line(before).str("`")
    }

    /// Ends it.
    const fn end(&mut self) -> &mut Text {
        self.t.str(if self.place.is_inside() { "` would do" } else { "`" })
    }

    /// The layer there.
    const fn layer(&self) -> Option<Layer> {
        match self.place.kind() {
            Some(StepKind::Layer(layer)) => Some(layer),
            _ => None,
        }
    }

    /// Whether all of the network has to be right.
    const fn wants_all(&self) -> bool {
        matches!(self.goal, Goal::Network)
    }

    /// Whether this step in the place of the mistaken one does what is wanted.
    const fn helps(&self, kind: StepKind) -> bool {
        match (self.goal, kind) {
            (Goal::Network, _) => self.makes_right(&self.place.path, kind),
            (Goal::Step, _) => Step { name: "", kind }.output(self.mistake.input).is_some(),
            (Goal::Options, StepKind::Layer(layer)) => layer.check_options().is_ok(),
            (Goal::Options, _) => false,
        }
    }

    /// Whether the network has no mistake with this step at the end of the path.
    const fn makes_right(&self, path: &Path, kind: StepKind) -> bool {
        let change = Some(Change::of(path, kind));
        self.place.network.run_with(self.mistake.start, change).is_ok()
    }

    /// Offers the layer with other options, if that helps.
    const fn offer(&mut self, layer: Layer) -> bool {
        self.offer_after("write ", layer)
    }

    /// The same with words before it, which end in `write `.
    const fn offer_after(&mut self, words: &str, layer: Layer) -> bool {
        let Some(old) = self.layer() else { return false };
        if !self.helps(StepKind::Layer(layer)) {
            return false;
        }
        code::change(self.code(words), &old, &layer);
        self.end();
        true
    }

    /// Offers another step before this one, if that helps.
    const fn offer_before(&mut self, layer: Layer) -> bool {
        let Some(step) = self.place.step() else { return false };
        let steps = [Step::layer(layer), *step];
        let branches: [&[Step]; 1] = [&steps];
        if !self.helps(StepKind::Block(Block { join: Join::Chain, branches: &branches })) {
            return false;
        }
        if self.place.is_inside() {
            code::step(self.code(""), &layer);
            self.t.str("` before it would do");
        } else {
            code::step(self.line("put `"), &layer);
            self.t.str("` before it");
        }
        true
    }

    /// Offers the network without this step, if that helps.
    const fn offer_without(&mut self, words: &str) -> bool {
        let branches: [&[Step]; 1] = [&[]];
        let helps = self.helps(StepKind::Block(Block { join: Join::Chain, branches: &branches }));
        if helps && !self.place.is_inside() {
            self.line(words);
        }
        helps
    }

    /// Offers another input, if the network is right for it.
    const fn offer_input(&mut self, input: Shape) -> bool {
        let helps = match self.goal {
            Goal::Network => self.place.network.run(input).is_ok(),
            _ => false,
        };
        if helps && !self.place.is_inside() {
            self.line("declare the input as `").dims(input.dims()).str("`");
        }
        helps
    }

    /// Offers as many outputs of a step before or within, if the network is right then.
    const fn offer_outputs(&mut self, of: Place<'a>, outputs: usize) -> bool {
        let Some(StepKind::Layer(layer)) = of.kind() else { return false };
        let Some(wanted) = code::with_outputs(layer, outputs) else { return false };
        if !self.makes_right(&of.path, StepKind::Layer(wanted)) {
            return false;
        }
        of.label(self.line("give "));
        self.t.str(" ").num(outputs).str(if outputs == 1 { " output: `" } else { " outputs: `" });
        code::call(self.t, &wanted);
        self.t.str("`");
        true
    }
}
