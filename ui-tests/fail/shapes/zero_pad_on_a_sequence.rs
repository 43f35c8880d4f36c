use shapewright::prelude::*;

net! {
    struct Net: [3, 32] -> [3, 3, 34] {
        ZeroPad2d(1),
    }
}

fn main() {}
