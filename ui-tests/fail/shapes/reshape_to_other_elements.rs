use shapewright::prelude::*;

const WIDTH: usize = 7;

net! {
    struct Net: [3, 8, 8] -> [_, _] {
        pool: MaxPool2d(2),
        Reshape([3, 17]),
        Reshape([5, _]),
        Reshape([_, _]),
        Reshape([0, _]),
    }
    struct Constant: [3, 8, 8] -> [_, _] {
        Reshape([4, WIDTH]),
    }
}

fn main() {}
