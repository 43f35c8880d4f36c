// The device, its attributes and its context.
#include "driver.h"
#include <cstring>

using namespace emulation;

std::recursive_mutex emulation::lock;
static bool initialized = false;
static char the_context;
static thread_local void *current_context = nullptr;

int emulation::missing(Needs needs) {
    if (needs != NOTHING && !initialized)
        return NOT_INITIALIZED;
    return needs == CONTEXT && !current_context ? INVALID_CONTEXT : SUCCESS;
}

bool emulation::enabled(const char *variable) {
    const char *value = getenv(variable);
    return value && *value && strcmp(value, "0") != 0;
}

EXPORT int cuInit(unsigned flags) {
    ENTER(NOTHING);
    if (flags != 0)
        return INVALID_VALUE;
    initialized = true;
    return SUCCESS;
}

EXPORT int cuDriverGetVersion(int *version) {
    ENTER(NOTHING);
    *version = 13000;
    return SUCCESS;
}

EXPORT int cuDeviceGetCount(int *count) {
    ENTER(DRIVER);
    *count = 1;
    return SUCCESS;
}

EXPORT int cuDeviceGet(int *device, int ordinal) {
    ENTER(DRIVER);
    if (ordinal != 0)
        return INVALID_DEVICE;
    *device = 0;
    return SUCCESS;
}

EXPORT int cuDeviceGetName(char *name, int length, int device) {
    ENTER(DRIVER);
    if (device != 0)
        return INVALID_DEVICE;
    if (length < 1)
        return INVALID_VALUE;
    snprintf(name, length, "emulated");
    return SUCCESS;
}

EXPORT int cuDeviceGetAttribute(int *value, int attribute, int device) {
    ENTER(DRIVER);
    if (device != 0)
        return INVALID_DEVICE;
    // CUdevice_attribute and what an H100 says. Features that are not named are not there.
    static const int attributes[][2] = {
        {1, 1024},       // MAX_THREADS_PER_BLOCK
        {2, 1024},       // MAX_BLOCK_DIM_X
        {3, 1024},       // MAX_BLOCK_DIM_Y
        {4, 64},         // MAX_BLOCK_DIM_Z
        {5, 2147483647}, // MAX_GRID_DIM_X
        {6, 65535},      // MAX_GRID_DIM_Y
        {7, 65535},      // MAX_GRID_DIM_Z
        {8, 49152},      // MAX_SHARED_MEMORY_PER_BLOCK
        {9, 65536},      // TOTAL_CONSTANT_MEMORY
        {10, 32},        // WARP_SIZE
        {12, 65536},     // MAX_REGISTERS_PER_BLOCK
        {13, 1980000},   // CLOCK_RATE
        {14, 512},       // TEXTURE_ALIGNMENT
        {16, 132},       // MULTIPROCESSOR_COUNT
        {39, 2048},      // MAX_THREADS_PER_MULTIPROCESSOR
        {41, 1},         // UNIFIED_ADDRESSING
        {75, 9},         // COMPUTE_CAPABILITY_MAJOR
        {76, 0},         // COMPUTE_CAPABILITY_MINOR
        {81, 233472},    // MAX_SHARED_MEMORY_PER_MULTIPROCESSOR
        {82, 65536},     // MAX_REGISTERS_PER_MULTIPROCESSOR
        {115, 1},        // MEMORY_POOLS_SUPPORTED
    };
    if (attribute < 1)
        return INVALID_VALUE;
    *value = 0;
    for (auto &known : attributes)
        if (known[0] == attribute)
            *value = known[1];
    return SUCCESS;
}

EXPORT int cuDevicePrimaryCtxRetain(void **context, int device) {
    ENTER(DRIVER);
    if (device != 0)
        return INVALID_DEVICE;
    *context = &the_context;
    return SUCCESS;
}

EXPORT int cuDevicePrimaryCtxRelease_v2(int device) {
    ENTER(DRIVER);
    return device == 0 ? SUCCESS : INVALID_DEVICE;
}

EXPORT int cuCtxSetCurrent(void *context) {
    ENTER(DRIVER);
    if (context && context != &the_context)
        return INVALID_CONTEXT;
    current_context = context;
    return SUCCESS;
}

EXPORT int cuCtxGetCurrent(void **context) {
    ENTER(DRIVER);
    *context = current_context;
    return SUCCESS;
}

EXPORT int cuCtxSynchronize() {
    ENTER(CONTEXT);
    return SUCCESS;
}

__attribute__((destructor)) static void statistics() {
    if (enabled("CUDA_EMULATION_STATS")) {
        print_launches();
        print_memory();
    }
}
