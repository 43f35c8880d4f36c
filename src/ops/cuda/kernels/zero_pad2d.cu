// Zeros around an image. A thread takes one output pixel on the way forward and one input pixel on
// the way back, which only one output reads.

extern "C" __global__ void forward(Resize s, u32 top, u32 left, const E *x, E *y) {
    u32 pixels = s.out_height * s.out_width;
    FOR_EACH(i, s.planes * pixels) {
        // Negative numbers wrap around and are too large.
        u32 row = i % pixels / s.out_width - top, column = i % s.out_width - left;
        bool inside = row < s.height && column < s.width;
        y[i] = inside ? x[(i / pixels * s.height + row) * s.width + column] : E(0);
    }
}

extern "C" __global__ void backward(Resize s, u32 top, u32 left, const E *gy, E *gx) {
    u32 pixels = s.height * s.width;
    FOR_EACH(i, s.planes * pixels) {
        u32 row = i % pixels / s.width + top, column = i % s.width + left;
        gx[i] += gy[(i / pixels * s.out_height + row) * s.out_width + column];
    }
}
