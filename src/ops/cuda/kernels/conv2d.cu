// Convolution as a matrix product. For `batch` images with `pixels` outputs each, the columns are
// a matrix (channels · taps) × (batch · pixels): what each output sees of the input.

struct Conv2d {
    u32 batch, channels;        // of the input
    u32 height, width;          // of the input
    u32 out_height, out_width;
    u32 kernel_h, kernel_w;
    u32 stride_h, stride_w;
    u32 dilation_h, dilation_w;
    u32 padding_h, padding_w;   // above and to the left
};

// columns[c, tap, n, pixel] = x[n, c, where the tap falls], 0 in the padding.
extern "C" __global__ void im2col(Conv2d s, const E *x, E *columns) {
    u32 pixels = s.out_height * s.out_width, taps = s.kernel_h * s.kernel_w;
    FOR_EACH(i, s.channels * taps * s.batch * pixels) {
        u32 pixel = i % pixels, rest = i / pixels;
        u32 n = rest % s.batch;
        rest /= s.batch;
        u32 tap = rest % taps, c = rest / taps;
        // Negative numbers wrap around and are too large.
        u32 y = pixel / s.out_width * s.stride_h + tap / s.kernel_w * s.dilation_h - s.padding_h;
        u32 x_ = pixel % s.out_width * s.stride_w + tap % s.kernel_w * s.dilation_w - s.padding_w;
        bool inside = y < s.height && x_ < s.width;
        columns[i] = inside ? x[((n * s.channels + c) * s.height + y) * s.width + x_] : E(0);
    }
}

// The transpose of im2col: x[n, c, y, x] = bias[c] + the sum of the columns that saw the pixel, or
// that added to what is there. No bias is a null pointer. Each pixel collects its own sum, so that
// nothing is added atomically and the result is the same each time.
extern "C" __global__ void col2im(Conv2d s, const E *columns, const E *bias, E *x, bool add) {
    u32 pixels = s.out_height * s.out_width, taps = s.kernel_h * s.kernel_w;
    FOR_EACH(i, s.batch * s.channels * s.height * s.width) {
        u32 column = i % s.width, rest = i / s.width;
        u32 row = rest % s.height;
        rest /= s.height;
        u32 c = rest % s.channels, n = rest / s.channels;
        E sum = bias ? bias[c] : E(0);
        for (u32 k = 0; k < s.kernel_h; k++) {
            u32 y = row + s.padding_h - k * s.dilation_h;
            if (y % s.stride_h != 0 || y / s.stride_h >= s.out_height) continue;
            for (u32 l = 0; l < s.kernel_w; l++) {
                u32 z = column + s.padding_w - l * s.dilation_w;
                if (z % s.stride_w != 0 || z / s.stride_w >= s.out_width) continue;
                u32 pixel = y / s.stride_h * s.out_width + z / s.stride_w;
                u32 tap = k * s.kernel_w + l;
                sum += columns[((c * taps + tap) * s.batch + n) * pixels + pixel];
            }
        }
        x[i] = add ? x[i] + sum : sum;
    }
}

// y[c, n, pixel] = x[n, c, pixel]: the images side by side, channel by channel.
extern "C" __global__ void to_channels(u32 batch, u32 channels, u32 pixels, const E *x, E *y) {
    FOR_EACH(i, batch * channels * pixels) {
        u32 pixel = i % pixels, rest = i / pixels;
        y[i] = x[(rest % batch * channels + rest / batch) * pixels + pixel];
    }
}

// y[n, c, pixel] = x[c, n, pixel] + bias[c], or that added to what is there. No bias is a null
// pointer.
extern "C" __global__ void to_images(
    u32 batch, u32 channels, u32 pixels, const E *x, const E *bias, E *y, bool add
) {
    FOR_EACH(i, batch * channels * pixels) {
        u32 pixel = i % pixels, rest = i / pixels;
        u32 c = rest % channels, n = rest / channels;
        E value = x[(c * batch + n) * pixels + pixel] + (bias ? bias[c] : E(0));
        y[i] = add ? y[i] + value : value;
    }
}
