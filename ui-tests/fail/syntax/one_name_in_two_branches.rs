use shapewright::prelude::*;

net! {
    // Blocks without a name share the names of the network.
    struct Net: [3, 8, 8] -> [8, 8, 8] {
        Concat {
            { conv: Conv2d(4, kernel = 3, padding = 1) },
            { conv: Conv2d(4, kernel = 5, padding = 2) },
        },
    }

    struct Right: [3, 8, 8] -> [8, 8, 8] {
        Concat {
            { left: { conv: Conv2d(4, kernel = 3, padding = 1) } },
            { right: { conv: Conv2d(4, kernel = 5, padding = 2) } },
        },
    }
}

fn main() {}
