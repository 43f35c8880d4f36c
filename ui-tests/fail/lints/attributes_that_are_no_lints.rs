#![deny(deprecated)]
use shapewright::prelude::*;

net! {
    #[allow(dead_code, shapewright::dropped_row)]
    #[allow(softmax_at_the_end)]
    struct Net: [3, 64, 64] -> [_] {
        #[allow(dropped_rows)]
        MaxPool2d(2),
        #[expect(shapewright::dropped_rows)]
        MaxPool2d(2),
        #[allow(shapewright::dropped_rows, shapewright::everything)]
        MaxPool2d(2),
        #[allow(shapewright::dropped_rows, dead_code)]
        MaxPool2d(2),
        #[inline]
        Flatten,
    }
}

fn main() {}
