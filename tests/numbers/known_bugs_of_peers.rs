//! Mistakes that other libraries made, each with the smallest case that shows it.

use dfdx::prelude::*;
use shapewright::ops::{self, Erased};
use shapewright_shape::{Conv2d, Padding, Pool2d};

type Image = Erased<f64, AutoDevice>;
type Bias = Tensor<(usize,), f64, AutoDevice>;

fn image(shape: (usize, usize, usize, usize), data: Vec<f64>) -> Image {
    AutoDevice::default().tensor_from_vec(data, shape)
}

/// burn's `same` padding is that of an undilated kernel, so the image shrinks.
#[test]
fn same_padding_counts_the_dilation() {
    let x = image((1, 1, 8, 8), crate::common::noise(1, 64));
    // A kernel that takes the pixel in its centre.
    let mut weight = vec![0.0; 9];
    weight[4] = 1.0;
    let weight = image((1, 1, 3, 3), weight);
    for dilation in [1, 2, 3] {
        let dilation = [dilation, dilation];
        let conv = Conv2d { padding: Padding::Same, dilation, ..Conv2d::new(1, [3, 3]) };
        let y = ops::conv2d(x.clone(), &weight, None::<&Bias>, &conv).unwrap();
        assert_eq!(y.shape(), x.shape());
        assert_eq!(y.as_vec(), x.as_vec());
    }
}

/// burn, candle and dfdx panic, some of them by subtracting below 0.
#[test]
fn a_kernel_larger_than_the_input_is_an_error() {
    let x = image((1, 1, 3, 3), vec![0.0; 9]);
    let weight = image((1, 1, 4, 4), vec![0.0; 16]);
    assert!(ops::conv2d(x.clone(), &weight, None::<&Bias>, &Conv2d::new(1, [4, 4])).is_err());
    assert!(ops::pool2d(x.clone(), &Pool2d::max([4, 4])).is_err());
    assert!(ops::pool2d(x, &Pool2d::avg([4, 4])).is_err());
}

/// dfdx gives the whole gradient to each of equal pixels, so it grows.
#[test]
fn the_gradient_of_a_maximum_goes_to_the_first_of_equal_pixels() {
    let x = image((1, 1, 2, 4), vec![1.0, 1.0, 0.0, 3.0, 1.0, 1.0, 3.0, 3.0]);
    let y = ops::pool2d(x.leaky_trace(), &Pool2d::max([2, 2])).unwrap();
    let grads = y.sum::<Rank0, _>().backward();
    assert_eq!(grads.get(&x).as_vec(), [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
}

/// candle's backward pass rebuilds the input's size from the output's and loses the rows that no
/// window reaches (candle issue 1212).
#[test]
fn rows_that_no_window_reaches_have_a_gradient_of_0() {
    let x = image((1, 1, 6, 5), vec![1.0; 30]);
    let weight = image((1, 1, 3, 3), vec![1.0; 9]);
    let conv = Conv2d { stride: [2, 3], ..Conv2d::new(1, [3, 3]) };
    let y = ops::conv2d(x.leaky_trace(), &weight, None::<&Bias>, &conv).unwrap();
    assert_eq!(y.shape(), &(1, 1, 2, 1));
    let grads = y.sum::<Rank0, _>().backward();
    let reached = [1.0, 1.0, 1.0, 0.0, 0.0];
    let twice = [2.0, 2.0, 2.0, 0.0, 0.0];
    let expected = [reached, reached, twice, reached, reached, [0.0; 5]].concat();
    assert_eq!(grads.get(&x).as_vec(), expected);
}

/// hasktorch's rule refuses a kernel that fits to the pixel.
#[test]
fn a_kernel_as_large_as_the_padded_input_fits_once() {
    let x = image((1, 1, 3, 4), vec![1.0; 12]);
    let weight = image((1, 1, 5, 6), vec![1.0; 30]);
    let conv = Conv2d { padding: Padding::symmetric(1, 1), ..Conv2d::new(1, [5, 6]) };
    let y = ops::conv2d(x.clone(), &weight, None::<&Bias>, &conv).unwrap();
    assert_eq!((y.shape(), y.as_vec()), (&(1, 1, 1, 1), vec![12.0]));
    let y = ops::pool2d(x.clone(), &Pool2d::max([3, 4])).unwrap();
    assert_eq!((y.shape(), y.as_vec()), (&(1, 1, 1, 1), vec![1.0]));
    // And by one pixel more it does not.
    let weight = image((1, 1, 6, 6), vec![1.0; 36]);
    let conv = Conv2d { kernel: [6, 6], ..conv };
    assert!(ops::conv2d(x, &weight, None::<&Bias>, &conv).is_err());
}

/// grenade's pools demand that the windows cover the image exactly.
#[test]
fn a_pool_leaves_the_remainder_out() {
    let x = image((1, 1, 5, 7), (0..35).map(f64::from).collect());
    let y = ops::pool2d(x.clone(), &Pool2d::max([2, 3])).unwrap();
    assert_eq!((y.shape(), y.as_vec()), (&(1, 1, 2, 2), vec![9.0, 12.0, 23.0, 26.0]));
    // Or takes it in on demand.
    let y = ops::pool2d(x, &Pool2d { ceil_mode: true, ..Pool2d::max([2, 3]) }).unwrap();
    assert_eq!(y.shape(), &(1, 1, 3, 3));
    assert_eq!(y.as_vec(), [9.0, 12.0, 13.0, 23.0, 26.0, 27.0, 30.0, 33.0, 34.0]);
}
