use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 8, 8] {
        BatchNorm2d(init = kaiming_normal),
    }
}

fn main() {}
