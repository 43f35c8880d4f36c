// What the parts of the emulated driver share.
#pragma once
#include "../faults.h"
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>

namespace emulation {

enum Code {
    SUCCESS = 0,
    INVALID_VALUE = 1,
    OUT_OF_MEMORY = 2,
    NOT_INITIALIZED = 3,
    INVALID_DEVICE = 101,
    INVALID_IMAGE = 200,
    INVALID_CONTEXT = 201,
    INVALID_PTX = 218,
    FILE_NOT_FOUND = 301,
    INVALID_HANDLE = 400,
    NOT_FOUND = 500,
    NOT_SUPPORTED = 801,
};

// What a function needs before it is called.
enum Needs { NOTHING, DRIVER, CONTEXT };
int missing(Needs);

// Everything runs at once and one after another: the one lock of the driver.
extern std::recursive_mutex lock;

// The kernel that runs or ran last, for messages.
std::string last_kernel();

// After a kernel: has it written past the ends of the allocation that `pointer` points into?
void check_around(const void *pointer);

void print_launches();
void print_memory();

bool enabled(const char *variable);

} // namespace emulation

// First in every function of the driver.
#define ENTER(needs)                                                                                                   \
    FAIL_ON_DEMAND();                                                                                                  \
    if (int code = emulation::missing(emulation::needs))                                                               \
        return code;                                                                                                   \
    std::lock_guard<std::recursive_mutex> guard(emulation::lock)
