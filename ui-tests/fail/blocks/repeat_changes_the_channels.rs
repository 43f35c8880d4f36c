use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [16, 32, 32] {
        body: Repeat<4> { Conv2d(16, kernel = 3, padding = 1), ReLU },
    }
}

fn main() {}
