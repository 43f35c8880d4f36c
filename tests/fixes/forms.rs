//! Each form of a fix on a step or two, the underlined tokens between `«` and `»`.

use super::apply::{edited, edits};
use super::grammar;
use super::source::Source;

/// What a line of help makes of the steps of a network.
#[track_caller]
fn check(steps: &str, help: &str, fixed: &str) {
    let program = |steps: &str| {
        format!("net! {{ struct Net<const N: usize>: [3, 32, 32] -> [10] {{ {steps} }} }}")
    };
    check_program(&program(steps), help, &program(fixed));
}

#[track_caller]
fn check_program(marked: &str, help: &str, fixed: &str) {
    let fix = grammar::of_help(help).ok().flatten().or_else(|| grammar::of_headline(help));
    let column = |mark| marked.chars().position(|c| c == mark).unwrap();
    let (start, end) = (column('«'), column('»') - 1);
    let text = marked.replace(['«', '»'], "");
    let source = Source::new(&text).unwrap();
    let tokens = source.underlined((1, start + 1, end - start)).unwrap();
    let edits = edits(&fix.expect("a fix"), &source, tokens).unwrap();
    assert_eq!(edited(&text, edits).unwrap(), fixed);
}

#[test]
fn calls() {
    check("fc: Linear(«400» -> 120),", "write `Linear(120)`", "fc: Linear(120),");
    check("Linear(«N::K» -> { 2 * 3 })", "or so: write `Linear(7 -> 6)`", "Linear(7 -> 6)");
    let conv = "write `Conv2d(3 -> 6, …)`";
    check("Conv2d(«4» -> 6, kernel = 5)", conv, "Conv2d(3 -> 6, kernel = 5)");
    check("{ «Conv2d»(6) }, ReLU", conv, "{ Conv2d(3 -> 6) }, ReLU");
    check("Conv2d(6, kernel = («0», 1))", "write `Conv2d(…)`", "Conv2d(6, kernel = (0, 1))");
    check("«AvgPool2d»,", "write `AvgPool2d(2)`", "AvgPool2d(2),");
    check("ReLU(«1»), ReLU", "write `ReLU`", "ReLU, ReLU");
    check("Linear(8) «ReLU» Tanh", "write `ELU(1)`", "Linear(8) ELU(1) Tanh");
}

#[test]
fn options() {
    let padding = "write `padding = 1`, no more";
    check("MaxPool2d(2, padding = «2»)", padding, "MaxPool2d(2, padding = 1)");
    check("MaxPool2d(2, padding = («-»2, 1))", padding, "MaxPool2d(2, padding = 1)");
    check("MaxPool2d(«2»)", padding, "MaxPool2d(2, padding = 1)");
    check("«Upsample»", "write `scale = 2`", "Upsample(scale = 2)");
    check("Conv2d(8, «kernel»: 3)", "write `kernel = 3`", "Conv2d(8, kernel = 3)");
    check(
        "Conv2d(8, «3», bias = true)",
        "write `kernel = 3`",
        "Conv2d(8, kernel = 3, bias = true)",
    );
    check("Conv2d(8, «strides» = 1)", "no; did you mean `stride`?", "Conv2d(8, stride = 1)");
}

#[test]
fn claims() {
    check(
        "MaxPool2d(2), => «[3, 4, N::K]»,",
        "write `=> [3, 16, 16]`",
        "MaxPool2d(2), => [3, 16, 16],",
    );
    let net =
        "struct A<const C: usize>: for<H, W> [C, H, W] -> [2] { «ReLU» } struct B: [8] -> [8] {}";
    let net = &format!("net! {{ {net} }}");
    let with = |old, new| net.replace(['«', '»'], "").replacen(old, new, 1);
    check_program(net, "write `-> [C, _, _]`", &with("-> [2]", "-> [C, _, _]"));
    check_program(net, "declare the input as `[3, H, W]`, or so", &with("[C, H, W]", "[3, H, W]"));
    check_program(
        "net! { struct A: [8] «{» ReLU } }",
        "write `-> [_]`",
        "net! { struct A: [8] -> [_] { ReLU } }",
    );
}

#[test]
fn steps() {
    check("ReLU, fc: «Linear»(8)", "put `Flatten` before it", "ReLU, Flatten, fc: Linear(8)");
    check("fc: «Linear»(8), ReLU", "put `Tanh` after it", "fc: Linear(8), Tanh, ReLU");
    let block = "«Residual» { ReLU }, ReLU";
    check(block, "put `shortcut { ELU }` after it", "Residual { ReLU } shortcut { ELU }, ReLU");
    let pool = "put `ELU` before the `Flatten`, which is above";
    check("Flatten, ReLU, Linear(«8»)", pool, "ELU, Flatten, ReLU, Linear(8)");
    check(
        "Flatten, a: «Conv2d»(8), ELU",
        "move it before the `Flatten`",
        "a: Conv2d(8), Flatten,  ELU",
    );
    check("ReLU, a: «ELU»", "`#[allow(a::b)]` before it", "ReLU, #[allow(a::b)] a: ELU");
    check("ReLU «Tanh»", "put `,` before it", "ReLU, Tanh");
}

#[test]
fn removals() {
    check("ReLU(«0.1», a = 1)", "remove it", "ReLU( a = 1)");
    check("ReLU(1, «a» = 1)", "remove it", "ReLU(1)");
    check("Flatten(«start» = 1), ReLU", "remove it", "Flatten, ReLU");
    check("Conv2d(1, groups = «3»)", "remove `groups = 3`", "Conv2d(1)");
    let both = "Upsample(scale = 2, size = «16»), Upsample(scale = 2)";
    check(both, "remove `scale = 2`", "Upsample( size = 16), Upsample(scale = 2)");
    check("ReLU, «Flatten», ELU", "remove it", "ReLU,  ELU");
    check("ReLU «+», ELU", "remove it", "ReLU , ELU");
    check("ReLU, «+» ELU", "remove it", "ReLU,  ELU");
}

#[test]
fn names() {
    check("fc: ReLU, «fc»: ELU", "name it `fc_2`", "fc: ReLU, fc_2: ELU");
    check("«Relu», ELU", "there is no layer `Relu`; did you mean `ReLU`?", "ReLU, ELU");
}

#[test]
fn other_layers() {
    let steps = "a: { Conv2d(1), ELU, Conv2d(2, bias = true) }, Conv2d(3), «Flatten»";
    let fixed = |old, new| steps.replace(['«', '»'], "").replace(old, new);
    check(steps, "give `Conv2d` 4 outputs: `Conv2d(4, …)`", &fixed("Conv2d(3)", "Conv2d(4)"));
    let of_block = "give the 2nd `Conv2d` of `a` the option `bias = false`";
    check(steps, of_block, &fixed("bias = true", "bias = false"));
    let of_both = "give the 2nd `ELU` of `a` the option `alpha = 2`";
    let both = "a: «Residual» { ELU } shortcut { ELU(alpha = 1) }";
    check(both, of_both, "a: Residual { ELU } shortcut { ELU(alpha = 2) }");
    check("x: Conv2d(3), «Flatten»", "give `x` 4 outputs: `Conv2d(4, …)`", "x: Conv2d(4), Flatten");
}

#[test]
fn what_is_no_fix() {
    assert_eq!(grammar::of_help("use fewer pools"), Ok(None));
    assert_eq!(grammar::of_help("at most `kernel = 4` fits here"), Err(()));
}
