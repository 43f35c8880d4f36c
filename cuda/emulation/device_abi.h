// How the driver and compiled kernels meet.
#pragma once

struct uint3 {
    unsigned x, y, z;
};
struct dim3 {
    unsigned x = 1, y = 1, z = 1;
};

// The thread that runs. One of a launch does at any time, so the driver writes it here.
struct EmulatedThread {
    uint3 thread, block;
    dim3 threads, blocks;
    void (*barrier)();
    void (*failed)(const char *condition, const char *file, int line);
};

// Told of each pointer among a kernel's parameters.
typedef void (*EmulatedSee)(const void *);
