#pragma once
#include <fstream>
#include <sstream>
#include <string>

namespace emulation {

inline bool read_file(const std::string &path, std::string &text) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    text = content.str();
    return !file.fail();
}

inline bool write_file(const std::string &path, const std::string &text) {
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    return !file.fail();
}

} // namespace emulation
