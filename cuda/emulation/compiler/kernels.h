#pragma once
#include <string>
#include <vector>

namespace emulation {

// The names of the kernels that preprocessed CUDA source declares as `extern "C" __global__ void NAME(`.
// Any other `__global__` ends up in `other`, since it could not be launched.
std::vector<std::string> kernels(const std::string &source, bool &other);

} // namespace emulation
