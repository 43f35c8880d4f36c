use shapewright::prelude::*;

net! {
    #[expand("/dev/null/net.rs")]
    struct Unwritable: [4] -> [2] {
        Linear(2),
    }

    #[expand]
    #[expand(net.rs)]
    struct NoFile: [4] -> [2] {
        Linear(2),
    }
}

fn main() {}
