// Branches that come together: their sum, or their channels side by side. Each gradient is written
// by one kernel after the other, so that two may be of the same value.

extern "C" __global__ void add(u32 n, const E *a, const E *b, E *y) {
    FOR_EACH(i, n) y[i] = a[i] + b[i];
}

extern "C" __global__ void add_to(u32 n, const E *x, E *y) {
    FOR_EACH(i, n) y[i] += x[i];
}

// What one branch gives to each image of `image` elements: `size` of them, from `start` on.
struct Part {
    u32 batch, size, image, start;
};

extern "C" __global__ void put_part(Part s, const E *x, E *y) {
    FOR_EACH(i, s.batch * s.size) y[i / s.size * s.image + s.start + i % s.size] = x[i];
}

extern "C" __global__ void add_part(Part s, const E *gy, E *gx) {
    FOR_EACH(i, s.batch * s.size) gx[i] += gy[i / s.size * s.image + s.start + i % s.size];
}
