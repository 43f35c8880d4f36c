use shapewright::prelude::*;

net! {
    struct Net: [3, 8, 8] -> [3, 8, 8] {
        Residual,
        Repeat { ReLU },
        Repeat<2>(ReLU),
        Concat { ReLU, Tanh },
        Sum { { ReLU } },
        Residual { ReLU }, shortcut { Tanh },
        Parallel { { ReLU }, { Tanh } },
        Concatenate { { ReLU }, { Tanh } },
        Repeat<{ 1 + 1 } { ReLU },
    }
}

fn main() {}
