// What all kernels share. `E`, the number type, is defined in front of this.

typedef unsigned int u32;
typedef unsigned long long u64;

// The index of each element that this thread works on.
#define FOR_EACH(i, n) \
    for (u32 i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += blockDim.x * gridDim.x)

// Threads of a block that works on one row.
#define ROW 256

// The sum of `value` over the ROW threads of a block, in each of them.
__device__ __forceinline__ E sum_of_row(E value) {
    __shared__ E parts[ROW];
    parts[threadIdx.x] = value;
    for (u32 n = ROW / 2; n > 0; n /= 2) {
        __syncthreads();
        if (threadIdx.x < n) parts[threadIdx.x] += parts[threadIdx.x + n];
    }
    __syncthreads();
    E sum = parts[0];
    // The next sum must not overwrite this one before all have read it.
    __syncthreads();
    return sum;
}

// The sizes of planes, and of those that become of them.
struct Resize {
    u32 planes;
    u32 height, width;
    u32 out_height, out_width;
};

// a / b, rounded down. To divide 64 bits takes long, and is seldom necessary.
__device__ __forceinline__ u32 quotient(u64 a, u32 b) {
    return a >> 32 ? u32(a / b) : u32(a) / b;
}

// i · n / m, rounded down.
__device__ __forceinline__ u32 floor_of(u32 i, u32 n, u32 m) {
    return quotient((u64)i * n, m);
}

// i · n / m, rounded up.
__device__ __forceinline__ u32 ceil_of(u32 i, u32 n, u32 m) {
    return quotient((u64)i * n + (m - 1), m);
}
