// Activations of each element: a thread takes one. Each has two kernels,
//
//     NAME_forward:  y = value, of x
//     NAME_backward: gx += gradient, of gy and what is kept, which is x or y
//
// where `p` is the activation's parameter.

#define ACTIVATION(NAME, value, kept, gradient) \
    extern "C" __global__ void NAME##_forward(u32 n, E p, const E *xs, E *ys) { \
        FOR_EACH(i, n) { \
            const E x = xs[i]; \
            ys[i] = value; \
        } \
    } \
    extern "C" __global__ void NAME##_backward( \
        u32 n, E p, const E *kepts, const E *gys, E *gxs \
    ) { \
        FOR_EACH(i, n) { \
            const E kept = kepts[i], gy = gys[i]; \
            gxs[i] += gradient; \
        } \
    }

__device__ __forceinline__ E sigmoid(E x) {
    return E(1) / (E(1) + exp(-x));
}

__device__ __forceinline__ E silu_slope(E x) {
    const E s = sigmoid(x);
    return s * (E(1) + x * (E(1) - s));
}

// The normal distribution's share below x.
__device__ __forceinline__ E normal_cdf(E x) {
    return E(0.5) * (E(1) + erf(x * E(0.70710678118654752440)));
}

// The slope of normal_cdf.
__device__ __forceinline__ E normal_pdf(E x) {
    return E(0.39894228040143267794) * exp(E(-0.5) * x * x);
}

// Comparisons are such that a NaN stays one.
ACTIVATION(relu, x <= E(0) ? E(0) : x, y, y <= E(0) ? E(0) : gy)
ACTIVATION(leaky_relu, x > E(0) ? x : x * p, x, x > E(0) ? gy : gy * p)
ACTIVATION(elu, x <= E(0) ? expm1(x) * p : x, x, x <= E(0) ? gy * p * exp(x) : gy)
ACTIVATION(gelu, x * normal_cdf(x), x, gy * (normal_cdf(x) + x * normal_pdf(x)))
ACTIVATION(silu, x / (E(1) + exp(-x)), x, gy * silu_slope(x))
ACTIVATION(sigmoid, sigmoid(x), y, gy * y * (E(1) - y))
ACTIVATION(tanh, tanh(x), y, gy * (E(1) - y * y))
// Above p it is linear.
ACTIVATION(softplus, x > p ? x : log1p(exp(x)), x, x > p ? gy : gy * sigmoid(x))
