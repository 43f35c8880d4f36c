use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 10, 12] {
        ZeroPad2d((1, 2, 3)),
    }
}

fn main() {}
