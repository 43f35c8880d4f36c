use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [16, _, _] {
        Conv2d(16, kernel = 3, padding = reflect),
    }
}

fn main() {}
