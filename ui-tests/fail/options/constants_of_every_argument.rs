use shapewright::prelude::*;

const ZERO: usize = 0;
const TWO: usize = 2;
const P: f64 = 1.5;

net! {
    struct Kernel: [3, 8, 8] -> [_, _, _] {
        Conv2d(8, kernel = { TWO * 5 }),
    }
    struct Stride: [3, 8, 8] -> [_, _, _] {
        Conv2d(8, kernel = 3, stride = (1, ZERO)),
    }
    struct Groups: [3, 8, 8] -> [_, _, _] {
        Conv2d(8, kernel = 3, groups = TWO),
    }
    struct Channels: [3, 8, 8] -> [_, _, _] {
        Conv2d(TWO -> 8, kernel = 3),
    }
    struct Padding: [3, 8, 8] -> [_, _, _] {
        MaxPool2d(2, padding = (0, TWO)),
    }
    struct Probability: [3, 8, 8] -> [_, _, _] {
        Dropout(P),
    }
    struct Checkpoint: [3, 8, 8] -> [_, _, _] {
        MaxPool2d(2),
        => [3, 4, TWO],
    }
    struct Output: [3, 8, 8] -> [3, 4, TWO] {
        MaxPool2d(2),
    }
    struct Input: [3, ZERO, 8] -> [3, 4, 4] {
        MaxPool2d(2),
    }
}

fn main() {}
