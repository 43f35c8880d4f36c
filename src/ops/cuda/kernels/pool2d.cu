// Pooling. A thread takes one window on the way forward and one pixel on the way back, where it
// looks for the windows that cover it: nothing is added atomically.

struct Pool2d {
    u32 planes;
    u32 height, width;
    u32 out_height, out_width;
    u32 kernel_h, kernel_w;
    u32 stride_h, stride_w;
    u32 dilation_h, dilation_w;
    u32 top, bottom, left, right;   // the padding
};

#define NO_PIXEL 0xffffffffu

// The largest pixel of each window (or the smallest), `empty` if it has none, and its place in the
// plane. The first of equal pixels wins, and a NaN wins over all before it.
extern "C" __global__ void extremum_forward(
    Pool2d s, bool largest, E empty, const E *x, E *y, u32 *winners
) {
    u32 windows = s.out_height * s.out_width;
    FOR_EACH(i, s.planes * windows) {
        u32 row = i % windows / s.out_width, column = i % s.out_width;
        const E *plane = x + i / windows * s.height * s.width;
        E best = empty;
        u32 winner = NO_PIXEL;
        for (u32 k = 0; k < s.kernel_h; k++) {
            u32 iy = row * s.stride_h + k * s.dilation_h - s.top;
            if (iy >= s.height) continue;
            for (u32 l = 0; l < s.kernel_w; l++) {
                u32 ix = column * s.stride_w + l * s.dilation_w - s.left;
                if (ix >= s.width) continue;
                E value = plane[iy * s.width + ix];
                bool better = largest ? value > best : value < best;
                bool nan = value != value;
                if (better || nan || winner == NO_PIXEL) {
                    best = value;
                    winner = iy * s.width + ix;
                }
            }
        }
        y[i] = best;
        if (winners) winners[i] = winner;
    }
}

extern "C" __global__ void extremum_backward(
    Pool2d s, const u32 *winners, const E *gy, E *gx
) {
    u32 pixels = s.height * s.width;
    FOR_EACH(i, s.planes * pixels) {
        u32 pixel = i % pixels, row = pixel / s.width, column = pixel % s.width;
        u32 windows = i / pixels * s.out_height * s.out_width;
        E sum = 0;
        for (u32 k = 0; k < s.kernel_h; k++) {
            u32 y = row + s.top - k * s.dilation_h;
            if (y % s.stride_h != 0 || y / s.stride_h >= s.out_height) continue;
            for (u32 l = 0; l < s.kernel_w; l++) {
                u32 z = column + s.left - l * s.dilation_w;
                if (z % s.stride_w != 0 || z / s.stride_w >= s.out_width) continue;
                u32 window = windows + y / s.stride_h * s.out_width + z / s.stride_w;
                if (winners[window] == pixel) sum += gy[window];
            }
        }
        gx[i] += sum;
    }
}

// What a window counts for along an axis: its pixels, or with the padding also those in it, but
// never what lies beyond the padding.
__device__ __forceinline__ u32 extent(
    u32 window, u32 stride, u32 kernel, u32 before, u32 size, u32 after, bool with_padding
) {
    u32 start = window * stride, end = min(start + kernel, before + size + after);
    if (!with_padding) {
        start = max(start, before);
        end = min(end, before + size);
    }
    return end > start ? end - start : 0;
}

__device__ __forceinline__ u32 area(Pool2d s, u32 row, u32 column, bool with_padding) {
    return extent(row, s.stride_h, s.kernel_h, s.top, s.height, s.bottom, with_padding)
         * extent(column, s.stride_w, s.kernel_w, s.left, s.width, s.right, with_padding);
}

// The mean of each window, 0 if it has no pixel.
extern "C" __global__ void mean_forward(Pool2d s, bool with_padding, const E *x, E *y) {
    u32 windows = s.out_height * s.out_width;
    FOR_EACH(i, s.planes * windows) {
        u32 row = i % windows / s.out_width, column = i % s.out_width;
        const E *plane = x + i / windows * s.height * s.width;
        E sum = 0;
        for (u32 k = 0; k < s.kernel_h; k++) {
            u32 iy = row * s.stride_h + k - s.top;
            if (iy >= s.height) continue;
            for (u32 l = 0; l < s.kernel_w; l++) {
                u32 ix = column * s.stride_w + l - s.left;
                if (ix < s.width) sum += plane[iy * s.width + ix];
            }
        }
        u32 size = area(s, row, column, with_padding);
        y[i] = size > 0 ? sum / E(size) : E(0);
    }
}

extern "C" __global__ void mean_backward(Pool2d s, bool with_padding, const E *gy, E *gx) {
    u32 pixels = s.height * s.width;
    FOR_EACH(i, s.planes * pixels) {
        u32 row = i % pixels / s.width, column = i % s.width;
        u32 windows = i / pixels * s.out_height * s.out_width;
        E sum = 0;
        for (u32 k = 0; k < s.kernel_h; k++) {
            u32 y = row + s.top - k;
            if (y % s.stride_h != 0 || y / s.stride_h >= s.out_height) continue;
            for (u32 l = 0; l < s.kernel_w; l++) {
                u32 z = column + s.left - l;
                if (z % s.stride_w != 0 || z / s.stride_w >= s.out_width) continue;
                u32 oy = y / s.stride_h, ox = z / s.stride_w;
                sum += gy[windows + oy * s.out_width + ox] / E(area(s, oy, ox, with_padding));
            }
        }
        gx[i] += sum;
    }
}

// x^p, quickly for the usual p, and exactly.
__device__ __forceinline__ E power(E x, E p) {
    return p == E(1) ? x : p == E(2) ? x * x : pow(x, p);
}

// x^(p-1).
__device__ __forceinline__ E power_slope(E x, E p) {
    return p == E(1) ? E(1) : p == E(2) ? x : pow(x, p - E(1));
}

// What the sum of a window that reaches beyond the image is scaled by, up to a whole window.
__device__ __forceinline__ E scale_to_whole(Pool2d s, u32 row, u32 column) {
    return E(s.kernel_h * s.kernel_w) / E(area(s, row, column, true));
}

// The power average of each window, (Σ x^p)^(1/p). There is no padding and no dilation.
extern "C" __global__ void power_forward(Pool2d s, E p, const E *x, E *y) {
    u32 windows = s.out_height * s.out_width;
    FOR_EACH(i, s.planes * windows) {
        u32 row = i % windows / s.out_width, column = i % s.out_width;
        const E *plane = x + i / windows * s.height * s.width;
        E sum = 0;
        for (u32 k = 0; k < s.kernel_h; k++) {
            u32 iy = row * s.stride_h + k;
            if (iy >= s.height) break;
            for (u32 l = 0; l < s.kernel_w; l++) {
                u32 ix = column * s.stride_w + l;
                if (ix < s.width) sum += power(plane[iy * s.width + ix], p);
            }
        }
        sum *= scale_to_whole(s, row, column);
        y[i] = p == E(1) ? sum : p == E(2) ? sqrt(sum) : pow(sum, E(1) / p);
    }
}

// gx += gy · y^(1-p) · x^(p-1) for each window, but nothing where y is 0.
extern "C" __global__ void power_backward(
    Pool2d s, E p, const E *x, const E *y, const E *gy, E *gx
) {
    u32 pixels = s.height * s.width;
    FOR_EACH(i, s.planes * pixels) {
        u32 row = i % pixels / s.width, column = i % s.width;
        u32 windows = i / pixels * s.out_height * s.out_width;
        E sum = 0, slope = power_slope(x[i], p);
        for (u32 k = 0; k < s.kernel_h && k <= row; k++) {
            u32 oy = (row - k) / s.stride_h;
            if ((row - k) % s.stride_h != 0 || oy >= s.out_height) continue;
            for (u32 l = 0; l < s.kernel_w && l <= column; l++) {
                u32 ox = (column - l) / s.stride_w;
                if ((column - l) % s.stride_w != 0 || ox >= s.out_width) continue;
                u32 window = windows + oy * s.out_width + ox;
                if (y[window] == E(0)) continue;
                E factor = gy[window] * scale_to_whole(s, oy, ox) / power_slope(y[window], p);
                sum += factor * slope;
            }
        }
        gx[i] += sum;
    }
}
