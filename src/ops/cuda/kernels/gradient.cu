// g = factor · g
extern "C" __global__ void scale(u32 n, E factor, E *g) {
    FOR_EACH(i, n) {
        g[i] *= factor;
    }
}
