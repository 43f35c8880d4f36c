//! Rows and columns at the end of an image that no window reaches, because of the stride.

use super::super::{Checked, Step, span};
use super::{Finding, chain, trial};
use shapewright_shape::{Arg, Axis, Layer, Padding, Shape, Window, words};

pub fn find(network: &Checked) -> Vec<Finding> {
    chain::all(network).into_iter().filter_map(|step| of_step(network, step)).collect()
}

fn of_step(network: &Checked, step: &Step) -> Option<Finding> {
    let (layer, input, output) = (chain::layer(step)?, step.input?, step.output?);
    let dropped = dropped(&layer, input)?;
    if dropped == [0, 0] {
        return None;
    }
    let headline = format!("{} drops {}", chain::label(network, step), what(dropped, input));
    let because = words::arithmetic(layer, input, output).to_string();
    let help = instead(&layer, input).into_iter().find_map(|(text, layer)| {
        let (further, output) = (trial::of(network, step, layer)?, layer.output(input).ok()?);
        Some(if further.is_empty() {
            format!("write `{text}`, which takes them in and gives {output}")
        } else {
            format!("`{text}` takes them in and gives {output}{further}")
        })
    });
    Some(Finding {
        number: step.number,
        span: span(&step.kind, Arg::Stride),
        headline,
        because: Some(because),
        help: help.into_iter().collect(),
    })
}

/// Along height and width, a sequence being an image of one row; `None` of layers without a
/// stride.
fn dropped(layer: &Layer, input: Shape) -> Option<[usize; 2]> {
    let along = |window: Window, axis: usize| match input.varies()[axis] {
        true => Some(0),
        false => window.dropped(input.dim(axis)).ok(),
    };
    if let Some(window) = layer.sequence_window() {
        return Some([0, along(window, 1)?]);
    }
    let [h, w] = match layer {
        Layer::Conv2d(conv) => [conv.window(Axis::Height), conv.window(Axis::Width)],
        Layer::Pool2d(pool) => [pool.window(Axis::Height), pool.window(Axis::Width)],
        _ => return None,
    };
    Some([along(h, 1)?, along(w, 2)?])
}

/// `the last row and the last 2 columns of 13 × 14`.
fn what([rows, columns]: [usize; 2], input: Shape) -> String {
    let last = |n: usize, what: &str| match n {
        1 => format!("the last {what}"),
        n => format!("the last {n} {what}s"),
    };
    if input.rank() == 2 {
        return format!("{} of {}", last(columns, "element"), input.dim(1));
    }
    let size = format!("{} × {}", input.dim(1), input.dim(2));
    match (rows, columns) {
        (rows, 0) => format!("{} of {size}", last(rows, "row")),
        (0, columns) => format!("{} of {size}", last(columns, "column")),
        (rows, columns) => {
            format!("{} and {} of {size}", last(rows, "row"), last(columns, "column"))
        }
    }
}

/// Options with which all is taken in, the simplest first.
fn instead(layer: &Layer, input: Shape) -> Vec<(String, Layer)> {
    let all: Vec<(String, Layer)> = match *layer {
        Layer::Pool2d(mut pool) => {
            pool.ceil_mode = true;
            vec![("ceil_mode = true".to_string(), Layer::Pool2d(pool))]
        }
        Layer::Pool1d(mut pool) => {
            pool.ceil_mode = true;
            vec![("ceil_mode = true".to_string(), Layer::Pool1d(pool))]
        }
        Layer::Conv2d(conv) => {
            let with = |text: String, padding| {
                (
                    format!("padding = {text}"),
                    Layer::Conv2d(shapewright_shape::Conv2d { padding, ..conv }),
                )
            };
            let Padding::Explicit([[t, b], [l, r]]) = conv.padding else { return Vec::new() };
            let most = conv.kernel[0].max(conv.kernel[1]);
            let even = (t == b && l == r && t == l).then_some(t);
            let even = even.into_iter().flat_map(|n| n + 1..n + most);
            let mut all: Vec<_> =
                even.map(|n| with(n.to_string(), Padding::symmetric(n, n))).collect();
            // One window more along an axis that drops something.
            if let Some([rows, columns]) = dropped(layer, input) {
                let more = |dropped: usize, stride: usize, hi: usize| {
                    if dropped == 0 { hi } else { hi + stride - (dropped + hi) % stride }
                };
                let [b, r] = [more(rows, conv.stride[0], b), more(columns, conv.stride[1], r)];
                let text = format!("(({t}, {b}), ({l}, {r}))");
                all.push(with(text, Padding::Explicit([[t, b], [l, r]])));
            }
            all
        }
        Layer::Conv1d(conv) => {
            let with = |text: String, padding| {
                (
                    format!("padding = {text}"),
                    Layer::Conv1d(shapewright_shape::Conv1d { padding, ..conv }),
                )
            };
            let Padding::Explicit([_, [lo, hi]]) = conv.padding else { return Vec::new() };
            let even = (lo == hi).then_some(lo).into_iter();
            let even = even.flat_map(|n| n + 1..n + conv.kernel);
            let mut all: Vec<_> = even.map(|n| with(n.to_string(), Padding::ends(n, n))).collect();
            if let Some([_, dropped]) = dropped(layer, input) {
                let hi = hi + conv.stride - (dropped + hi) % conv.stride;
                all.push(with(format!("({lo}, {hi})"), Padding::ends(lo, hi)));
            }
            all
        }
        _ => Vec::new(),
    };
    all.into_iter().filter(|(_, layer)| dropped(layer, input) == Some([0, 0])).collect()
}
