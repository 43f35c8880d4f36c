use shapewright::prelude::*;

const EPS: f64 = -1e-5;
const GROUPS: usize = 4;

net! {
    struct Net: [6, 8, 8] -> [6, 8, 8] {
        a: BatchNorm2d(momentum = 1.5),
        b: LayerNorm(eps = -1.0),
        c: GroupNorm(0),
        d: GroupNorm(4),
    }
    struct Constants: [6, 8, 8] -> [6, 8, 8] {
        LayerNorm(eps = EPS),
    }
    struct Groups: [6, 8, 8] -> [6, 8, 8] {
        GroupNorm(GROUPS),
    }
}

fn main() {}
