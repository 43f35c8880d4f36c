use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [_, _, _] {
        ZeroPad2d,
        ZeroPad2d(same),
        ZeroPad2d((1, 2, 3)),
    }
}

fn main() {}
