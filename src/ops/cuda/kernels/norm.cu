// Normalisation of rows. A row is a channel over the whole batch, or a group of channels of one
// image; a block works on one of them.

// The sizes of a batch: elements, channels, pixels of a plane.
struct Batch {
    u32 n, channels, pixels;
};

// A row's elements: `pieces` of them, each of `length` elements, `distance` apart.
struct Rows {
    u32 rows, pieces, length, distance;
    u32 first;      // from the first element of a row to that of the next
};

#define ROW_ELEMENTS(i, s) \
    const u32 size = s.pieces * s.length, start = blockIdx.x * s.first; \
    for (u32 j = threadIdx.x, i = start + j / s.length * s.distance + j % s.length; j < size; \
         j += ROW, i = start + j / s.length * s.distance + j % s.length)

// The mean and the (biased) variance of each row, the latter in a second pass so that nothing
// cancels out.
extern "C" __global__ void statistics(Rows s, const E *x, E *mean, E *variance) {
    E sum = 0;
    { ROW_ELEMENTS(i, s) sum += x[i]; }
    const E m = sum_of_row(sum) / E(s.pieces * s.length);
    E squares = 0;
    { ROW_ELEMENTS(i, s) squares += (x[i] - m) * (x[i] - m); }
    squares = sum_of_row(squares);
    if (threadIdx.x == 0) {
        mean[blockIdx.x] = m;
        variance[blockIdx.x] = squares / E(s.pieces * s.length);
    }
}

// y = (x - mean) / sqrt(variance + eps) · weight + bias.
extern "C" __global__ void batch_forward(
    Batch s, E eps,
    const E *mean, const E *variance, const E *weight, const E *bias, const E *x, E *y
) {
    FOR_EACH(i, s.n) {
        u32 c = i / s.pixels % s.channels;
        y[i] = (x[i] - mean[c]) * (weight[c] / sqrt(variance[c] + eps)) + bias[c];
    }
}

// For each channel the sums of gy and of gy · z, where z = (x - mean) / sqrt(variance + eps): they
// are added to the gradients of bias and weight, and kept.
extern "C" __global__ void batch_sums(
    Rows s, E eps, const E *mean, const E *variance, const E *x, const E *gy,
    E *gradients, E *products, E *gw, E *gb
) {
    const E m = mean[blockIdx.x], scale = E(1) / sqrt(variance[blockIdx.x] + eps);
    E total = 0, product = 0;
    ROW_ELEMENTS(i, s) {
        total += gy[i];
        product += gy[i] * (x[i] - m);
    }
    total = sum_of_row(total);
    product = sum_of_row(product) * scale;
    if (threadIdx.x == 0) {
        gradients[blockIdx.x] = total;
        products[blockIdx.x] = product;
        gb[blockIdx.x] += total;
        gw[blockIdx.x] += product;
    }
}

// gx += weight / sqrt(variance + eps) · (gy - mean(gy) - z · mean(gy · z)); the means are left out
// where the statistics are constants (`size` is 0).
extern "C" __global__ void batch_backward(
    Batch s, E size, E eps,
    const E *mean, const E *variance, const E *weight, const E *gradients, const E *products,
    const E *x, const E *gy, E *gx
) {
    FOR_EACH(i, s.n) {
        u32 c = i / s.pixels % s.channels;
        E scale = E(1) / sqrt(variance[c] + eps), g = gy[i];
        if (size > E(0)) {
            g -= gradients[c] / size + (x[i] - mean[c]) * scale * (products[c] / size);
        }
        gx[i] += weight[c] * scale * g;
    }
}

// running = (1 - momentum) · running + momentum · new, the variance's new one times `unbiased`.
extern "C" __global__ void update_running(
    u32 channels, E momentum, E unbiased, const E *mean, const E *variance,
    const E *running_mean, const E *running_variance, E *new_mean, E *new_variance
) {
    FOR_EACH(c, channels) {
        E old = E(1) - momentum;
        new_mean[c] = old * running_mean[c] + momentum * mean[c];
        new_variance[c] = old * running_variance[c] + momentum * (variance[c] * unbiased);
    }
}

// Groups: element `i` is in the row `i / own`, a group of channels of one image.

// y = (x - mean) / sqrt(variance + eps) · weight + bias.
extern "C" __global__ void group_forward(
    Batch s, u32 own, E eps,
    const E *mean, const E *variance, const E *weight, const E *bias, const E *x, E *y
) {
    FOR_EACH(i, s.n) {
        u32 row = i / own, c = i / s.pixels % s.channels;
        y[i] = (x[i] - mean[row]) / sqrt(variance[row] + eps) * weight[c] + bias[c];
    }
}

// For each group the means of g and of g · z, where g = gy · weight and z = (x - mean) /
// sqrt(variance + eps).
extern "C" __global__ void group_means(
    Rows rows, Batch s, E eps, const E *mean, const E *variance, const E *weight,
    const E *x, const E *gy, E *gradients, E *products
) {
    const E m = mean[blockIdx.x], scale = E(1) / sqrt(variance[blockIdx.x] + eps);
    E total = 0, product = 0;
    ROW_ELEMENTS(i, rows) {
        E g = gy[i] * weight[i / s.pixels % s.channels];
        total += g;
        product += g * (x[i] - m);
    }
    total = sum_of_row(total);
    product = sum_of_row(product) * scale;
    if (threadIdx.x == 0) {
        gradients[blockIdx.x] = total / E(rows.pieces * rows.length);
        products[blockIdx.x] = product / E(rows.pieces * rows.length);
    }
}

// gx += (g - mean(g) - z · mean(g · z)) / sqrt(variance + eps).
extern "C" __global__ void group_backward(
    Batch s, u32 own, E eps, const E *mean, const E *variance, const E *weight,
    const E *gradients, const E *products, const E *x, const E *gy, E *gx
) {
    FOR_EACH(i, s.n) {
        u32 row = i / own;
        E scale = E(1) / sqrt(variance[row] + eps), z = (x[i] - mean[row]) * scale;
        E g = gy[i] * weight[i / s.pixels % s.channels];
        gx[i] += scale * (g - gradients[row] - z * products[row]);
    }
}

// gw += the sum of gy · z, gb += that of gy, over a channel of all images, which is a row here.
extern "C" __global__ void group_parameters(
    Rows channels, u32 own, E eps, const E *mean, const E *variance,
    const E *x, const E *gy, E *gw, E *gb
) {
    E total = 0, product = 0;
    ROW_ELEMENTS(i, channels) {
        total += gy[i];
        product += gy[i] * (x[i] - mean[i / own]) / sqrt(variance[i / own] + eps);
    }
    total = sum_of_row(total);
    product = sum_of_row(product);
    if (threadIdx.x == 0) {
        gb[blockIdx.x] += total;
        gw[blockIdx.x] += product;
    }
}
