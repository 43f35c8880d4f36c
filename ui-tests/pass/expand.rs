//! The generated code is written to files. That it compiles in the place of the declaration, the
//! programs of `ui-tests/expanded` show.
#![deny(warnings)]

use shapewright::prelude::*;

net! {
    /// A network with everything in it.
    #[expand("expanded/small.rs")]
    pub struct Small: [3, 8, 8] -> [5] {
        /// Finds edges.
        edges: Conv2d(4, kernel = 3, padding = same), ReLU,
        block: { Residual { Conv2d(4, kernel = 3, padding = 1, bias = false), BatchNorm2d } },
        Repeat<2> { Conv2d(4, kernel = 1), ReLU },
        #[allow(shapewright::dropped_rows)]
        MaxPool2d(3),
        Flatten,
        fc: Linear(16 -> 5),
    }

    #[expand("expanded/marks.rs")]
    pub struct Marks<const C: usize>: for<H, W> [C, H, W] -> [2, _, _] {
        Conv2d(2, kernel = 3, stride = 2, padding = 1),
    }
}

fn main() {
    let read = |file: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("expanded").join(file);
        std::fs::read_to_string(path).unwrap()
    };
    let small = read("small.rs");
    let first = concat!("// What `net!` of shapewright ", env!("CARGO_PKG_VERSION"), " makes");
    assert_eq!(small.lines().next().unwrap().len(), first.len() + " of `Small`.".len());
    assert!(small.contains("\n/// A network with everything in it.\n"), "{small}");
    assert!(small.contains("\n    pub edges: ::shapewright::layers::Conv2d<"), "{small}");
    assert!(read("marks.rs").contains("pub struct Marks<"));
}
