use shapewright::prelude::*;

mod models {
    use shapewright::prelude::net;

    net! {
        pub struct Backbone: [3, 32, 32] -> [16, 5, 5] {
            Conv2d(6, kernel = 5),
            MaxPool2d(2),
            Conv2d(16, kernel = 5),
            MaxPool2d(2),
        }

        pub struct Head: [400] -> [10] { Linear(10) }
    }
}

net! {
    struct Net: [256] -> [10] {
        ReLU,
        head: models::Head,
    }
}

fn main() {}
