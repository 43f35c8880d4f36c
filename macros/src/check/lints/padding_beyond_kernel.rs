//! So much padding that some windows of a convolution see nothing else.

use super::super::{Checked, Step, span};
use super::{Finding, chain, trial};
use shapewright_shape::{Arg, Axis, Layer, Padding, Window};

pub fn find(network: &Checked) -> Vec<Finding> {
    chain::all(network).into_iter().filter_map(|step| of_step(network, step)).collect()
}

fn of_step(network: &Checked, step: &Step) -> Option<Finding> {
    let (layer, input) = (chain::layer(step)?, step.input?);
    let (windows, padding) = match layer {
        Layer::Conv2d(conv) => {
            (vec![conv.window(Axis::Height), conv.window(Axis::Width)], conv.padding)
        }
        Layer::Conv1d(conv) => (vec![conv.window()], conv.padding),
        _ => return None,
    };
    let Padding::Explicit(sides) = padding else { return None };
    let mut alone = Vec::new();
    for (window, axis) in windows.iter().zip(1..).filter(|(_, axis)| !input.varies()[*axis]) {
        let [first, last] = window.on_padding(input.dim(axis)).ok()?;
        alone.extend([("first", first), ("last", last)].map(|(end, n)| (window, end, n)));
    }
    alone.retain(|(_, _, n)| *n > 0);
    let (window, ..) = alone.first()?;
    let (reach, pad) = (window.reach().ok()?, sides[window.axis.index()]);
    let which: Vec<_> = alone.iter().map(|(window, end, n)| of_output(window, end, *n)).collect();
    let which = match which.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => which.concat(),
    };
    let headline = format!(
        "{} makes {} of padding alone: it pads by {} around windows of {reach}",
        chain::label(network, step),
        which,
        pad[0].max(pad[1]),
    );
    let less = less(layer, &windows, sides);
    let help = less.and_then(|(text, layer)| {
        let (further, output) = (trial::of(network, step, layer)?, layer.output(input).ok()?);
        Some(if further.is_empty() {
            format!("write `padding = {text}`, the most that is of use here, which gives {output}")
        } else {
            format!("at most `padding = {text}` is of use here, which gives {output}{further}")
        })
    });
    let (number, span) = (step.number, span(&step.kind, Arg::Padding));
    Some(Finding { number, span, headline, because: None, help: help.into_iter().collect() })
}

/// `the first row`, `the last 2 columns`.
fn of_output(window: &Window, end: &str, n: usize) -> String {
    let what = match window.axis {
        Axis::Height => "row",
        Axis::Width => "column",
        Axis::Length => "element",
    };
    if n == 1 { format!("the {end} {what}") } else { format!("the {end} {n} {what}s") }
}

/// The same with no more padding than lets every window see a pixel.
fn less(layer: Layer, windows: &[Window], sides: [[usize; 2]; 2]) -> Option<(String, Layer)> {
    let mut sides = sides;
    for window in windows {
        let most = window.reach().ok()? - 1;
        sides[window.axis.index()] = sides[window.axis.index()].map(|side| side.min(most));
    }
    let [[t, b], [l, r]] = sides;
    let padding = Padding::Explicit(sides);
    Some(match layer {
        Layer::Conv2d(conv) => {
            let text = match (t == b && l == r, t == l) {
                (true, true) => t.to_string(),
                (true, false) => format!("({t}, {l})"),
                (false, _) => format!("(({t}, {b}), ({l}, {r}))"),
            };
            (text, Layer::Conv2d(shapewright_shape::Conv2d { padding, ..conv }))
        }
        Layer::Conv1d(conv) => {
            let text = if l == r { l.to_string() } else { format!("({l}, {r})") };
            (text, Layer::Conv1d(shapewright_shape::Conv1d { padding, ..conv }))
        }
        _ => return None,
    })
}
