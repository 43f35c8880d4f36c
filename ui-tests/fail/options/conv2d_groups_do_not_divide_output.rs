use shapewright::prelude::*;

const GROUPS: usize = 3;

net! {
    struct Net: [6, 8, 8] -> [16, 6, 6] {
        Conv2d(16, kernel = 3, groups = 3),
    }

    struct ByConstant: [6, 8, 8] -> [16, 6, 6] {
        Conv2d(16, kernel = 3, groups = GROUPS),
    }
}

fn main() {}
