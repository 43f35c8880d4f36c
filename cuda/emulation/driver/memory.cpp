// Memory. Around every allocation lies a red zone, whose pattern only a kernel that writes out of bounds changes.
#include "driver.h"
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>

using namespace emulation;

static const size_t ZONE = 256; // CUDA's alignment as well
static const unsigned char PATTERN = 0xa5, UNINITIALIZED = 0xee;

static std::map<uint64_t, size_t> &sizes = *new std::map<uint64_t, size_t>;
static size_t in_use, peak, allocations;
static size_t copied_in, copied_out;

static size_t capacity() {
    static const size_t bytes = [] {
        const char *value = getenv("CUDA_EMULATION_MEMORY");
        return value ? strtoull(value, nullptr, 10) : size_t(16) << 30;
    }();
    return bytes;
}

static void check_zone(const unsigned char *zone, uint64_t address, size_t size) {
    for (size_t i = 0; i < ZONE; i++)
        if (zone[i] != PATTERN) {
            long long at = (long long)(uint64_t)(zone + i) - (long long)address;
            fprintf(stderr,
                    "emulated CUDA: something wrote to byte %lld of an allocation of %zu bytes; the last kernel was %s\n",
                    at, size, last_kernel().c_str());
            abort();
        }
}

static void check(uint64_t address, size_t size) {
    check_zone((unsigned char *)address - ZONE, address, size);
    check_zone((unsigned char *)address + size, address, size);
}

// The allocation that holds the address or ends there.
static std::map<uint64_t, size_t>::iterator around(uint64_t address) {
    auto found = sizes.upper_bound(address);
    if (found == sizes.begin())
        return sizes.end();
    --found;
    return address - found->first <= found->second ? found : sizes.end();
}

void emulation::check_around(const void *pointer) {
    auto found = around((uint64_t)pointer);
    if (found != sizes.end())
        check(found->first, found->second);
}

static bool valid(uint64_t address, size_t bytes) {
    auto found = around(address);
    return found != sizes.end() && bytes <= found->first + found->second - address;
}

// For the other emulated libraries.
EXPORT bool emulated_memory(const void *pointer, size_t bytes) {
    std::lock_guard<std::recursive_mutex> guard(lock);
    return bytes == 0 || valid((uint64_t)pointer, bytes);
}

static int allocate(uint64_t *address, size_t bytes) {
    if (bytes > capacity() || in_use > capacity() - bytes)
        return OUT_OF_MEMORY;
    // aligned_alloc wants multiples of the alignment.
    auto *start = (unsigned char *)aligned_alloc(ZONE, (bytes + 3 * ZONE - 1) / ZONE * ZONE);
    if (!start)
        return OUT_OF_MEMORY;
    memset(start, PATTERN, ZONE);
    memset(start + ZONE, UNINITIALIZED, bytes);
    memset(start + ZONE + bytes, PATTERN, ZONE);
    *address = (uint64_t)(start + ZONE);
    sizes[*address] = bytes;
    in_use += bytes;
    peak = std::max(peak, in_use);
    allocations++;
    return SUCCESS;
}

static int release(uint64_t address) {
    if (address == 0)
        return SUCCESS;
    auto found = sizes.find(address);
    if (found == sizes.end())
        return INVALID_VALUE;
    check(found->first, found->second);
    in_use -= found->second;
    sizes.erase(found);
    free((unsigned char *)address - ZONE);
    return SUCCESS;
}

EXPORT int cuMemAlloc_v2(uint64_t *address, size_t bytes) {
    ENTER(CONTEXT);
    return bytes == 0 ? INVALID_VALUE : allocate(address, bytes);
}

// Unlike cuMemAlloc, memory pools give out nothing for nothing; dfdx relies on it.
EXPORT int cuMemAllocAsync(uint64_t *address, size_t bytes, void *) {
    ENTER(CONTEXT);
    *address = 0;
    return bytes == 0 ? SUCCESS : allocate(address, bytes);
}

EXPORT int cuMemFree_v2(uint64_t address) {
    ENTER(CONTEXT);
    return release(address);
}

EXPORT int cuMemFreeAsync(uint64_t address, void *) {
    ENTER(CONTEXT);
    return release(address);
}

EXPORT int cuMemGetInfo_v2(size_t *free_bytes, size_t *total) {
    ENTER(CONTEXT);
    *total = capacity();
    *free_bytes = capacity() - in_use;
    return SUCCESS;
}

// The pool of cuMemAllocAsync. Its settings are about speed, so they change nothing here.
EXPORT int cuDeviceGetDefaultMemPool(void **pool, int) {
    ENTER(DRIVER);
    *pool = &in_use;
    return SUCCESS;
}

EXPORT int cuMemPoolSetAttribute(void *pool, int, void *value) {
    ENTER(DRIVER);
    return pool == &in_use && value ? SUCCESS : INVALID_VALUE;
}

EXPORT int cuDeviceTotalMem_v2(size_t *bytes, int) {
    ENTER(DRIVER);
    *bytes = capacity();
    return SUCCESS;
}

static int copy_in(uint64_t to, const void *from, size_t bytes) {
    if (bytes == 0)
        return SUCCESS;
    if (!valid(to, bytes))
        return INVALID_VALUE;
    copied_in += bytes;
    memcpy((void *)to, from, bytes);
    return SUCCESS;
}

static int copy_out(void *to, uint64_t from, size_t bytes) {
    if (bytes == 0)
        return SUCCESS;
    if (!valid(from, bytes))
        return INVALID_VALUE;
    copied_out += bytes;
    memcpy(to, (void *)from, bytes);
    return SUCCESS;
}

static int copy_within(uint64_t to, uint64_t from, size_t bytes) {
    if (bytes == 0)
        return SUCCESS;
    if (!valid(to, bytes) || !valid(from, bytes))
        return INVALID_VALUE;
    memmove((void *)to, (void *)from, bytes);
    return SUCCESS;
}

static int fill(uint64_t to, unsigned char value, size_t bytes) {
    if (bytes == 0)
        return SUCCESS;
    if (!valid(to, bytes))
        return INVALID_VALUE;
    memset((void *)to, value, bytes);
    return SUCCESS;
}

EXPORT int cuMemcpyHtoD_v2(uint64_t to, const void *from, size_t bytes) {
    ENTER(CONTEXT);
    return copy_in(to, from, bytes);
}

EXPORT int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, void *) {
    ENTER(CONTEXT);
    return copy_in(to, from, bytes);
}

EXPORT int cuMemcpyDtoH_v2(void *to, uint64_t from, size_t bytes) {
    ENTER(CONTEXT);
    return copy_out(to, from, bytes);
}

EXPORT int cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, void *) {
    ENTER(CONTEXT);
    return copy_out(to, from, bytes);
}

EXPORT int cuMemcpyDtoD_v2(uint64_t to, uint64_t from, size_t bytes) {
    ENTER(CONTEXT);
    return copy_within(to, from, bytes);
}

EXPORT int cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, void *) {
    ENTER(CONTEXT);
    return copy_within(to, from, bytes);
}

EXPORT int cuMemsetD8_v2(uint64_t to, unsigned char value, size_t bytes) {
    ENTER(CONTEXT);
    return fill(to, value, bytes);
}

EXPORT int cuMemsetD8Async(uint64_t to, unsigned char value, size_t bytes, void *) {
    ENTER(CONTEXT);
    return fill(to, value, bytes);
}

void emulation::print_memory() {
    fprintf(stderr,
            "emulated CUDA: %zu allocations, %zu bytes at most, %zu still there; %zu bytes copied in, %zu out\n",
            allocations, peak, sizes.size(), copied_in, copied_out);
}

__attribute__((destructor)) static void check_all() {
    std::lock_guard<std::recursive_mutex> guard(lock);
    for (auto &allocation : sizes)
        check(allocation.first, allocation.second);
}
