#pragma once
#include <string>
#include <vector>

namespace emulation {

// The names of the kernels that preprocessed CUDA source declares as `extern "C" __global__ void NAME(`.
// Of another `__global__`, which could not be launched, `other` says how it begins.
std::vector<std::string> kernels(const std::string &source, std::string &other);

} // namespace emulation
