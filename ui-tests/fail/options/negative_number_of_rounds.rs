use shapewright::prelude::*;

net! {
    struct Net: [8] -> [8] {
        Repeat<-2> { ReLU },
    }
}

fn main() {}
