// Softmax along the channels, or its logarithm. Pixel `i` of the batch is worked on by a team: one
// thread, so that neighbours read neighbouring pixels, or where there are many channels and few
// pixels a whole block.

struct Softmax {
    u32 batch, channels, pixels;
    bool logarithm;
};

// The largest `value` in a block, in each of its threads.
__device__ __forceinline__ E max_of_row(E value) {
    __shared__ E parts[ROW];
    parts[threadIdx.x] = value;
    for (u32 n = ROW / 2; n > 0; n /= 2) {
        __syncthreads();
        if (threadIdx.x < n && parts[threadIdx.x + n] > parts[threadIdx.x]) {
            parts[threadIdx.x] = parts[threadIdx.x + n];
        }
    }
    __syncthreads();
    return parts[0];
}

struct Thread {
    static __device__ u32 rank() { return 0; }
    static __device__ u32 size() { return 1; }
    static __device__ E sum(E value) { return value; }
    static __device__ E max(E value) { return value; }
};

struct Block {
    static __device__ u32 rank() { return threadIdx.x; }
    static __device__ u32 size() { return ROW; }
    static __device__ E sum(E value) { return sum_of_row(value); }
    static __device__ E max(E value) { return max_of_row(value); }
};

// The place of each channel of pixel `i` that is for this member of the team.
#define CHANNELS(j, s, i) \
    const u32 first = i / s.pixels * s.channels * s.pixels + i % s.pixels; \
    for (u32 c = Team::rank(), j = first + c * s.pixels; c < s.channels; \
         c += Team::size(), j = first + c * s.pixels)

// y = exp(x - max) / Σ exp(x - max), where nothing overflows. A NaN makes all channels NaN: it is
// in the sum whether it is the maximum or not.
template <typename Team>
__device__ void forward(Softmax s, u32 i, const E *x, E *y) {
    E most = x[i / s.pixels * s.channels * s.pixels + i % s.pixels], sum = 0;
    { CHANNELS(j, s, i) most = x[j] > most ? x[j] : most; }
    most = Team::max(most);
    { CHANNELS(j, s, i) sum += exp(x[j] - most); }
    sum = Team::sum(sum);
    if (s.logarithm) sum = log(sum);
    { CHANNELS(j, s, i) y[j] = s.logarithm ? x[j] - most - sum : exp(x[j] - most) / sum; }
}

// gx += y · (gy - Σ gy · y), or for the logarithm gy - exp(y) · Σ gy.
template <typename Team>
__device__ void backward(Softmax s, u32 i, const E *y, const E *gy, E *gx) {
    E sum = 0;
    { CHANNELS(j, s, i) sum += s.logarithm ? gy[j] : gy[j] * y[j]; }
    sum = Team::sum(sum);
    { CHANNELS(j, s, i) gx[j] += s.logarithm ? gy[j] - exp(y[j]) * sum : y[j] * (gy[j] - sum); }
}

extern "C" __global__ void forward_by_threads(Softmax s, const E *x, E *y) {
    FOR_EACH(i, s.batch * s.pixels) forward<Thread>(s, i, x, y);
}

extern "C" __global__ void forward_by_blocks(Softmax s, const E *x, E *y) {
    forward<Block>(s, blockIdx.x, x, y);
}

extern "C" __global__ void backward_by_threads(Softmax s, const E *y, const E *gy, E *gx) {
    FOR_EACH(i, s.batch * s.pixels) backward<Thread>(s, i, y, gy, gx);
}

extern "C" __global__ void backward_by_blocks(Softmax s, const E *y, const E *gy, E *gx) {
    backward<Block>(s, blockIdx.x, y, gy, gx);
}
