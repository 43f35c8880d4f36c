use shapewright::prelude::*;

mod models {}

net! {
    struct Net: [3, 32, 32] -> [10] {
        Flatten,
        models::Head,
    }
}

fn main() {}
