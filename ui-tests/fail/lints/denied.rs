use shapewright::prelude::*;

net! {
    #[deny(shapewright::dropped_rows, shapewright::softmax_at_the_end)]
    struct Net: [3, 27, 27] -> [_] {
        pool1: MaxPool2d(2),
        #[allow(shapewright::dropped_rows)]
        block: {
            pool2: MaxPool2d(2),
            #[deny(shapewright::dropped_rows)]
            pool3: MaxPool2d(4),
        },
        Flatten,
        Softmax,
    }
}

fn main() {
    let _ = Net::PARAMETERS;
}
