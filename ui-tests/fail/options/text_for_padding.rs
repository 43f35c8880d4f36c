use shapewright::prelude::*;

net! {
    struct Net: [8, 8, 8] -> [8, 8, 8] {
        Conv2d(8, kernel = 3, padding = "same"),
    }
}

fn main() {}
