use shapewright::prelude::*;

net! {
    enum Net { Linear, Conv2d }
}

fn main() {}
