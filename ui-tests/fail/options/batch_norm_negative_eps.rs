use shapewright::prelude::*;

const EPS: f64 = -1e-5;

net! {
    struct Net: [3, 8, 8] -> [3, 8, 8] {
        BatchNorm2d(eps = -1e-5),
    }

    struct ByConstant: [3, 8, 8] -> [3, 8, 8] {
        BatchNorm2d(eps = EPS),
    }
}

fn main() {}
