// Adaptive pooling. A thread takes one bin on the way forward and one pixel on the way back, where
// it looks at the bins that cover it: nothing is added atomically.

// The pixels of bin `i` of `bins` along an axis, up to `end` exclusively. Turned around, those are
// the bins that cover pixel `i`.
struct Bin {
    u32 start, end;
};

__device__ __forceinline__ Bin bin_of(u32 i, u32 pixels, u32 bins) {
    Bin bin = {floor_of(i, pixels, bins), ceil_of(i + 1, pixels, bins)};
    return bin;
}

__device__ __forceinline__ u32 size_of(Bin bin) {
    return bin.end - bin.start;
}

extern "C" __global__ void mean_forward(Resize s, const E *x, E *y) {
    u32 bins = s.out_height * s.out_width;
    FOR_EACH(i, s.planes * bins) {
        Bin rows = bin_of(i % bins / s.out_width, s.height, s.out_height);
        Bin columns = bin_of(i % s.out_width, s.width, s.out_width);
        const E *plane = x + i / bins * s.height * s.width;
        E sum = 0;
        for (u32 row = rows.start; row < rows.end; row++) {
            for (u32 column = columns.start; column < columns.end; column++) {
                sum += plane[row * s.width + column];
            }
        }
        y[i] = sum / E(size_of(rows) * size_of(columns));
    }
}

extern "C" __global__ void mean_backward(Resize s, const E *gy, E *gx) {
    u32 pixels = s.height * s.width;
    FOR_EACH(i, s.planes * pixels) {
        Bin rows = bin_of(i % pixels / s.width, s.out_height, s.height);
        Bin columns = bin_of(i % s.width, s.out_width, s.width);
        const E *plane = gy + i / pixels * s.out_height * s.out_width;
        E sum = 0;
        for (u32 row = rows.start; row < rows.end; row++) {
            u32 height = size_of(bin_of(row, s.height, s.out_height));
            for (u32 column = columns.start; column < columns.end; column++) {
                u32 width = size_of(bin_of(column, s.width, s.out_width));
                sum += plane[row * s.out_width + column] / E(height * width);
            }
        }
        gx[i] += sum;
    }
}

// The largest pixel of each bin, and its place in the plane. The first of equal pixels wins, and a
// NaN wins over all before it.
extern "C" __global__ void max_forward(Resize s, const E *x, E *y, u32 *winners) {
    u32 bins = s.out_height * s.out_width;
    FOR_EACH(i, s.planes * bins) {
        Bin rows = bin_of(i % bins / s.out_width, s.height, s.out_height);
        Bin columns = bin_of(i % s.out_width, s.width, s.out_width);
        const E *plane = x + i / bins * s.height * s.width;
        u32 winner = rows.start * s.width + columns.start;
        E best = plane[winner];
        for (u32 row = rows.start; row < rows.end; row++) {
            for (u32 column = columns.start; column < columns.end; column++) {
                E value = plane[row * s.width + column];
                if (value > best || value != value) {
                    best = value;
                    winner = row * s.width + column;
                }
            }
        }
        y[i] = best;
        if (winners) winners[i] = winner;
    }
}

extern "C" __global__ void max_backward(Resize s, const u32 *winners, const E *gy, E *gx) {
    u32 pixels = s.height * s.width;
    FOR_EACH(i, s.planes * pixels) {
        Bin rows = bin_of(i % pixels / s.width, s.out_height, s.height);
        Bin columns = bin_of(i % s.width, s.out_width, s.width);
        u32 bins = i / pixels * s.out_height * s.out_width;
        E sum = 0;
        for (u32 row = rows.start; row < rows.end; row++) {
            for (u32 column = columns.start; column < columns.end; column++) {
                u32 bin = bins + row * s.out_width + column;
                if (winners[bin] == i % pixels) sum += gy[bin];
            }
        }
        gx[i] += sum;
    }
}
