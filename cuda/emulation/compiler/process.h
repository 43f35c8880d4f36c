#pragma once
#include <string>
#include <vector>

namespace emulation {

// Runs a command to its end, its stderr into the file `messages`, and says whether it succeeded.
bool run(const std::vector<std::string> &command, const std::string &messages);

} // namespace emulation
