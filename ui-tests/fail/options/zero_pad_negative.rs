use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 10, 10] {
        ZeroPad2d(-1),
    }
}

fn main() {}
