// Failures on demand: CUDA_EMULATION_FAIL="cuInit:100,cuLaunchKernel:719:10" makes functions return these codes, from
// their first call on or from the one that a third number tells.
#pragma once
#include <cstdlib>
#include <map>
#include <mutex>
#include <sstream>
#include <string>

namespace emulation {

// The code that the function is to fail with, or 0. `cuMemAlloc` means `cuMemAlloc_v2` as well.
inline int fault(std::string function) {
    struct Fault {
        int code = 0;
        long calls_left = 0; // before it fails
    };
    static std::map<std::string, Fault> faults = [] {
        std::map<std::string, Fault> read;
        const char *list = getenv("CUDA_EMULATION_FAIL");
        std::stringstream entries(list ? list : "");
        for (std::string entry; std::getline(entries, entry, ',');) {
            std::stringstream fields(entry);
            std::string name, code, call;
            std::getline(fields, name, ':');
            std::getline(fields, code, ':');
            std::getline(fields, call);
            read[name] = {atoi(code.c_str()), call.empty() ? 0 : atol(call.c_str()) - 1};
        }
        return read;
    }();
    if (faults.empty())
        return 0;
    static std::mutex mutex;
    std::lock_guard<std::mutex> lock(mutex);
    auto found = faults.find(function);
    if (found == faults.end() && function.size() > 3 && function.compare(function.size() - 3, 3, "_v2") == 0)
        found = faults.find(function.substr(0, function.size() - 3));
    if (found == faults.end() || found->second.calls_left-- > 0)
        return 0;
    found->second.calls_left = 0;
    return found->second.code;
}

} // namespace emulation

#define EXPORT extern "C" __attribute__((visibility("default")))
// First in every emulated function.
#define FAIL_ON_DEMAND()                                                                                               \
    if (int code = emulation::fault(__func__))                                                                         \
    return code
