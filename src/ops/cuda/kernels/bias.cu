// A number for each channel of a batch, and the sums of channels that are its gradient.

struct Batch {
    u32 images, channels, pixels;
};

extern "C" __global__ void add_bias(Batch s, const E *bias, E *y) {
    FOR_EACH(i, s.images * s.channels * s.pixels) y[i] += bias[i / s.pixels % s.channels];
}

// sums[c] += the sum of x[n, c, pixel] over n and pixel. A block for each channel.
extern "C" __global__ void add_channel_sums(Batch s, const E *x, E *sums) {
    u32 c = blockIdx.x;
    E sum = 0;
    for (u32 i = threadIdx.x; i < s.images * s.pixels; i += ROW) {
        sum += x[(i / s.pixels * s.channels + c) * s.pixels + i % s.pixels];
    }
    sum = sum_of_row(sum);
    if (threadIdx.x == 0) sums[c] += sum;
}
