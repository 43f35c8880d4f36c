#include "kernels.h"
#include <cctype>
#include <set>

namespace emulation {

static const char KEYWORD[] = "__global__";

static bool in_name(char c) { return std::isalnum((unsigned char)c) || c == '_'; }

static size_t skip_space(const std::string &s, size_t at) {
    while (at < s.size() && std::isspace((unsigned char)s[at]))
        at++;
    return at;
}

static std::string word(const std::string &s, size_t &at) {
    size_t start = at = skip_space(s, at);
    while (at < s.size() && in_name(s[at]))
        at++;
    return s.substr(start, at - start);
}

// `__launch_bounds__(...)` may stand on either side of `void`.
static void skip_bounds(const std::string &s, size_t &at) {
    size_t after = at;
    if (word(s, after) == "__launch_bounds__" && (at = s.find(')', after)) != std::string::npos)
        at++;
}

static bool ends_with_linkage(const std::string &s, size_t end) {
    while (end > 0 && std::isspace((unsigned char)s[end - 1]))
        end--;
    const std::string linkage = "extern \"C\"";
    return end >= linkage.size() && s.compare(end - linkage.size(), linkage.size(), linkage) == 0;
}

std::vector<std::string> kernels(const std::string &source, std::string &other) {
    std::vector<std::string> names;
    std::set<std::string> known;
    other.clear();
    size_t found = 0;
    while ((found = source.find(KEYWORD, found)) != std::string::npos) {
        size_t at = found + sizeof(KEYWORD) - 1;
        bool c_linkage = ends_with_linkage(source, found);
        size_t after = at;
        skip_bounds(source, at);
        bool returns_nothing = word(source, at) == "void";
        skip_bounds(source, at);
        std::string name = word(source, at);
        if (!c_linkage || !returns_nothing || name.empty())
            other = source.substr(found, source.find_first_of("{;", found) - found);
        else if (known.insert(name).second)
            names.push_back(name);
        found = after;
    }
    return names;
}

} // namespace emulation
