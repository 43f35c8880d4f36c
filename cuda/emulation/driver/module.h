#pragma once
#include "../device_abi.h"
#include <string>

namespace emulation {

struct Kernel {
    std::string name;
    EmulatedThread *thread; // its built-in variables
    void (*run)(void **parameters);
    void (*pointers)(void **parameters, EmulatedSee);
};

} // namespace emulation
