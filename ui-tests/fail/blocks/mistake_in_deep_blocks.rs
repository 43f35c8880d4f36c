use shapewright::prelude::*;

net! {
    struct Net: [3, 32, 32] -> [16, 32, 32] {
        level5: {
            Conv2d(16, kernel = 3, padding = 1),
            Residual {
                level4: {
                    Conv2d(16, kernel = 3, padding = 1),
                    Residual {
                        level3: {
                            Conv2d(16, kernel = 3, padding = 1),
                            Residual {
                                level2: {
                                    Conv2d(16, kernel = 3, padding = 1),
                                    Residual {
                                        level1: {
                                            Conv2d(16, kernel = 3, padding = 1),
                                            Residual {
                                                Conv2d(16, kernel = 3, padding = 1),
                                                ReLU,
                                                conv: Conv2d(8 -> 16, kernel = 3, padding = 1),
                                            },
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    }
}

fn main() {}
