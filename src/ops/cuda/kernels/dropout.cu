// Inverted dropout of pieces of `size` elements, of which `kept` tells: y = scale · x or 0, or that
// added to what is there. Not a product by 0, as that of an infinity is none.
extern "C" __global__ void drop(
    u32 n, u32 size, const bool *kept, E scale, const E *x, E *y, bool add
) {
    FOR_EACH(i, n) {
        E value = kept[i / size] ? x[i] * scale : E(0);
        y[i] = add ? y[i] + value : value;
    }
}
