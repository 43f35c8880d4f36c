use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 4, 4] {
        MaxPool2d(2, init = zeros),
    }
}

fn main() {}
