// Upsampling. A thread takes one output pixel on the way forward and one input pixel on the way
// back, where it looks for the outputs that read it: nothing is added atomically.

extern "C" __global__ void nearest_forward(Resize s, const E *x, E *y) {
    u32 pixels = s.out_height * s.out_width;
    FOR_EACH(i, s.planes * pixels) {
        u32 row = floor_of(i % pixels / s.out_width, s.height, s.out_height);
        u32 column = floor_of(i % s.out_width, s.width, s.out_width);
        y[i] = x[(i / pixels * s.height + row) * s.width + column];
    }
}

extern "C" __global__ void nearest_backward(Resize s, const E *gy, E *gx) {
    u32 pixels = s.height * s.width;
    FOR_EACH(i, s.planes * pixels) {
        u32 row = i % pixels / s.width, column = i % s.width;
        u32 top = ceil_of(row, s.out_height, s.height);
        u32 bottom = ceil_of(row + 1, s.out_height, s.height);
        u32 left = ceil_of(column, s.out_width, s.width);
        u32 right = ceil_of(column + 1, s.out_width, s.width);
        const E *plane = gy + i / pixels * s.out_height * s.out_width;
        E sum = 0;
        for (u32 oy = top; oy < bottom; oy++) {
            for (u32 ox = left; ox < right; ox++) sum += plane[oy * s.out_width + ox];
        }
        gx[i] += sum;
    }
}

// Where an output falls along an axis of the input: at a pixel or between it and the next.
struct Place {
    u32 first, second;
    E weight;   // what the second counts; the first counts the rest of 1
};

// Of output `o`, the place o · (size - 1) / (out - 1), or max((o + 1/2) · size / out - 1/2, 0): a
// fraction of whole numbers, so that nothing is rounded but the weight.
__device__ Place place_of(u32 o, u32 size, u32 out, bool align_corners) {
    u64 a;
    u32 b;
    if (align_corners) {
        a = (u64)o * (size - 1);
        b = max(out - 1, 1u);
    } else {
        a = (u64)(2 * o + 1) * size;
        a = a > out ? a - out : 0;
        b = 2 * out;
    }
    Place place;
    place.first = quotient(a, b);
    place.second = min(place.first + 1, size - 1);
    place.weight = E(u32(a - (u64)place.first * b)) / E(b);
    return place;
}

// The first output whose place is pixel `i` or behind it; `out` if there is none.
__device__ u32 first_from(u32 i, u32 size, u32 out, bool align_corners) {
    if (i == 0) return 0;
    if (i >= size) return out;
    if (align_corners) return out > 1 ? ceil_of(i, out - 1, size - 1) : out;
    // o ≥ ((2i + 1) · out - size) / 2size.
    u64 a = (u64)(2 * i + 1) * out;
    return a > size ? quotient(a + size - 1, 2 * size) : 0;
}

// What pixel `i` counts at a place.
__device__ E share_of(u32 i, Place place) {
    return (place.first == i ? E(1) - place.weight : E(0))
         + (place.second == i ? place.weight : E(0));
}

extern "C" __global__ void bilinear_forward(Resize s, bool align_corners, const E *x, E *y) {
    u32 pixels = s.out_height * s.out_width;
    FOR_EACH(i, s.planes * pixels) {
        Place row = place_of(i % pixels / s.out_width, s.height, s.out_height, align_corners);
        Place column = place_of(i % s.out_width, s.width, s.out_width, align_corners);
        const E *plane = x + i / pixels * s.height * s.width;
        const E *above = plane + row.first * s.width, *below = plane + row.second * s.width;
        E rest = E(1) - row.weight;
        E left = rest * above[column.first] + row.weight * below[column.first];
        E right = rest * above[column.second] + row.weight * below[column.second];
        y[i] = (E(1) - column.weight) * left + column.weight * right;
    }
}

// The outputs that read a pixel are those in front of the next one and behind the one before.
extern "C" __global__ void bilinear_backward(Resize s, bool align_corners, const E *gy, E *gx) {
    u32 pixels = s.height * s.width;
    FOR_EACH(i, s.planes * pixels) {
        u32 row = i % pixels / s.width, column = i % s.width;
        u32 top = first_from(max(row, 1u) - 1, s.height, s.out_height, align_corners);
        u32 bottom = first_from(row + 1, s.height, s.out_height, align_corners);
        u32 left = first_from(max(column, 1u) - 1, s.width, s.out_width, align_corners);
        u32 right = first_from(column + 1, s.width, s.out_width, align_corners);
        const E *plane = gy + i / pixels * s.out_height * s.out_width;
        E sum = 0;
        for (u32 oy = top; oy < bottom; oy++) {
            E line = 0;
            for (u32 ox = left; ox < right; ox++) {
                Place place = place_of(ox, s.width, s.out_width, align_corners);
                line += share_of(column, place) * plane[oy * s.out_width + ox];
            }
            sum += share_of(row, place_of(oy, s.height, s.out_height, align_corners)) * line;
        }
        gx[i] += sum;
    }
}
