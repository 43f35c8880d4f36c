//! One mistake has the same words wherever it is found: by the macro, by const evaluation, and when
//! the program runs.

use dfdx::prelude::*;
use shapewright::ops::{self, Erased};
use shapewright_shape::{Conv2d, Dropout, Linear, Pool2d, Reshape};
use std::fs;
use std::path::{Path, PathBuf};

/// What the macro says begins so,
const BY_MACRO: &str = "error: ";
/// and what const evaluation says.
const BY_COMPILER: &str = "error[E0080]: evaluation panicked: ";

fn fail(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("ui-tests/fail").join(path)
}

/// The messages in the errors that begin so, without the compiler's places.
fn messages(stderr: &str, start: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut inside = false;
    for line in stderr.lines() {
        if line.starts_with("error") {
            inside = line.starts_with(start);
            if inside {
                all.push(line[start.len()..].to_string());
            }
        } else if line.trim_start().starts_with("--> ") {
            inside = false;
        } else if inside && let Some(message) = all.last_mut() {
            // The compiler indents a message by the width of its `error[E0080]: `.
            let width = start.find(": ").map_or(0, |colon| colon + 2);
            let indent = line.len() - line.trim_start().len();
            *message += "\n";
            *message += &line[indent.min(width)..];
        }
    }
    all
}

/// Files with `ByConstant` hold one mistake twice, by a number and by a constant.
#[test]
fn the_macro_and_const_evaluation_say_the_same() {
    let mut compared = 0;
    for chapter in fs::read_dir(fail("")).unwrap() {
        for file in fs::read_dir(chapter.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            let is_source = path.extension().is_some_and(|e| e == "rs");
            if !is_source || !fs::read_to_string(&path).unwrap().contains("struct ByConstant:") {
                continue;
            }
            let stderr = fs::read_to_string(path.with_extension("stderr")).unwrap();
            let by_macro = messages(&stderr, BY_MACRO);
            let by_compiler: Vec<String> = messages(&stderr, BY_COMPILER)
                .into_iter()
                .map(|message| message.replace("`ByConstant`", "`Net`"))
                .collect();
            assert_eq!(by_macro, by_compiler, "{}", path.display());
            compared += by_macro.len();
        }
    }
    assert!(compared >= 30, "{compared}");
}

type Image = Erased<f32, AutoDevice>;

fn zeros(shape: [usize; 4]) -> Image {
    let [b, c, h, w] = shape;
    AutoDevice::default().zeros_like(&(b, c, h, w))
}

/// Asserts that an operation says what the macro says of the layer.
fn assert_same<T>(file: &str, layer: &str, op: &str, result: Result<T, shapewright::Error>) {
    let stderr = fs::read_to_string(fail(file).with_extension("stderr")).unwrap();
    let by_macro = messages(&stderr, BY_MACRO).remove(0);
    let headline = by_macro.lines().next().unwrap().replace(layer, op);
    let when_run = result.err().unwrap().to_string();
    assert!(when_run.starts_with(&headline), "`{when_run}` does not say `{headline}`");
}

#[test]
fn the_running_program_says_the_same() {
    let conv = |x, w, conv: &Conv2d| {
        ops::conv2d(zeros(x), &zeros(w), None::<&Tensor<(usize,), f32, AutoDevice>>, conv)
    };
    let base = Conv2d::new(16, [3, 3]);
    let (eight, weight) = ([1, 3, 8, 8], [16, 3, 3, 3]);
    let cases = [
        ("options/conv2d_zero_kernel", eight, weight, Conv2d { kernel: [0, 0], ..base }),
        ("options/conv2d_zero_stride", eight, weight, Conv2d { stride: [0, 0], ..base }),
        ("options/conv2d_zero_groups", eight, weight, Conv2d { groups: 0, ..base }),
        ("options/conv2d_zero_output_channels", eight, weight, Conv2d::new(0, [3, 3])),
        (
            "options/conv2d_groups_do_not_divide_output",
            [1, 6, 8, 8],
            weight,
            Conv2d { groups: 3, ..base },
        ),
        (
            "shapes/conv2d_groups_do_not_divide_input",
            [1, 6, 8, 8],
            weight,
            Conv2d { groups: 4, ..base },
        ),
        (
            "shapes/conv2d_kernel_larger_than_input",
            [1, 6, 4, 4],
            [16, 6, 5, 5],
            Conv2d::new(16, [5, 5]),
        ),
    ];
    for (file, x, w, options) in cases {
        assert_same(file, "Conv2d", "conv2d", conv(x, w, &options));
    }

    let pool = |x, pool: &Pool2d| ops::pool2d(zeros(x), pool);
    let zero = pool(eight, &Pool2d::max([0, 0]));
    assert_same("options/max_pool2d_zero_kernel", "MaxPool2d", "max_pool2d", zero);
    let large = pool([1, 6, 4, 4], &Pool2d::max([5, 5]));
    assert_same("shapes/max_pool2d_larger_than_input", "MaxPool2d", "max_pool2d", large);

    let dropout = ops::dropout(zeros([1, 8, 1, 1]), &Dropout { p: 1.0 });
    assert_same("options/dropout_probability_of_one", "Dropout", "dropout", dropout);

    let linear = ops::linear(
        zeros([1, 8, 1, 1]),
        &zeros([10, 8, 1, 1]),
        None::<&Tensor<(usize,), f32, AutoDevice>>,
        &Linear::new(0),
    );
    assert_same("options/linear_zero_outputs", "Linear", "linear", linear);

    let to = shapewright_shape::Claim::features(Some(200));
    let reshaped = ops::reshape(zeros(eight), &Reshape { to });
    assert_same("shapes/reshape_to_other_features", "Reshape", "reshape", reshaped);
}
