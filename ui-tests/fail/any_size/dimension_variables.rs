use shapewright::prelude::*;

net! {
    struct Channels: for<C, H, W> [C, H, W] -> [8, _, _] { Conv2d(8, kernel = 3) }

    struct Unused: for<H, W, K> [3, H, W] -> [8, _, _] { Conv2d(8, kernel = 3) }

    struct Device: for<H, D> [3, H, D] -> [8, _, _] { Conv2d(8, kernel = 3) }

    struct Element<const E: usize>: [E, 8, 8] -> [8, _, _] { Conv2d(8, kernel = 3) }

    struct Square: for<N> [3, N, N] -> [8, _, _] { Conv2d(8, kernel = 3) }

    struct Twice: for<H, H> [3, H, 8] -> [8, _, _] { Conv2d(8, kernel = 3) }

    struct Unknown: for<H, W> [3, H, W] -> [3, H, V] { ReLU }

    struct AsChannels: for<H, W> [3, H, W] -> [H, _, _] { ReLU }

    struct Claimed: for<H, W> [3, H, W] -> [8, _, _] {
        Conv2d(8, kernel = 3),
        => [8, H, _],
    }

    struct Number: for<H, W> [3, H, W] -> [8, 30, 30] { Conv2d(8, kernel = 3) }

    struct Missing: for [3, 8, 8] -> [3, 8, 8] { ReLU }
}

fn main() {}
