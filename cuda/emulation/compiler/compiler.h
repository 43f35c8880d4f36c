// The compiler behind the emulated nvcc, NVRTC and driver. Its PTX is the preprocessed source, which the driver compiles
// for the host when the module is loaded, as CUDA's compiles PTX for the GPU.
#pragma once
#include <string>
#include <vector>

namespace emulation {

struct Options {
    std::vector<std::string> include_paths, defines;
    std::string architecture = "sm_90";
    std::string macros; // a header of macros to include first
};

struct Outcome {
    bool ok;
    std::string text; // what was asked for, or g++'s words
};

// PTX of the CUDA source `source`, which messages call `name`. `directory` is where its own includes are.
Outcome to_ptx(const std::string &source, const std::string &name, const std::string &directory, const Options &);

bool is_ptx(const std::string &ptx);

// The path of a shared library that holds PTX's kernels, `NAME` as `emulated_run_NAME`.
Outcome to_library(const std::string &ptx);

// The directory of the emulated toolkit.
std::string toolkit();

} // namespace emulation
