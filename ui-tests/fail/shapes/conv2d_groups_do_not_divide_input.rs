use shapewright::prelude::*;

const GROUPS: usize = 4;

net! {
    struct Net: [6, 8, 8] -> [16, 6, 6] {
        Conv2d(16, kernel = 3, groups = 4),
    }

    struct ByConstant: [6, 8, 8] -> [16, 6, 6] {
        Conv2d(16, kernel = 3, groups = GROUPS),
    }
}

fn main() {}
