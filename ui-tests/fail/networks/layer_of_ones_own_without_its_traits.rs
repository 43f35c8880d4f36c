use shapewright::prelude::*;

#[derive(Clone, Debug)]
struct Scale<E: Dtype = f32, D: Storage<E> = Cpu> {
    by: Tensor<Rank1<1>, E, D>,
}

net! {
    struct Net: [3, 8, 8] -> [3, 8, 8] { scale: self::Scale }
}

fn main() {}
