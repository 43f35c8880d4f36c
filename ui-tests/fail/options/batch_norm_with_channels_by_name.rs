use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 8, 8] {
        BatchNorm2d(num_features = 3),
    }
}

fn main() {}
