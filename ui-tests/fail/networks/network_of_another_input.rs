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
    }
}

net! {
    struct Grey: [1, 32, 32] -> [10] {
        backbone: models::Backbone,
        Flatten,
        Linear(10),
    }
    struct WrongHead: [3, 32, 32] -> [10] {
        models::Backbone,
        Flatten,
        head: Linear(256 -> 10),
    }
    struct NoSuchNetwork: [3, 32, 32] -> [10] {
        Flatten,
        Transformer,
        models::Head,
    }
}

fn main() {
    let dev = Cpu::default();
    let _ = dev.build_module::<Grey, f32>();
}
