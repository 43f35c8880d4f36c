use shapewright::prelude::*;

net! {
    struct NoOutput: [8] { ReLU }
    struct NoShape { ReLU }
    struct Batch: [64, 3, 32, 32] -> [10] { Flatten }
    struct OpenInput: [3, _, _] -> [10] { Flatten }
    struct NoBraces: [8] -> [8];
    enum NotAStruct { A }
    struct Fine: [8] -> [8] { Linear(8) }
}

fn main() {
    let dev = Cpu::default();
    let _ = dev.build_module::<Fine, f32>();
}
