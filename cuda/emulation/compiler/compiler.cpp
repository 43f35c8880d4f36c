#include "compiler.h"
#include "files.h"
#include "kernels.h"
#include "process.h"
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace emulation {

static const std::string MAGIC = "// Preprocessed CUDA C++ in place of PTX, for the emulated driver.\n";

// FNV-1a, twice with different starts.
static std::string hash(const std::string &text) {
    uint64_t a = 0xcbf29ce484222325, b = 0x9ae16a3b2f90404f;
    for (unsigned char c : text) {
        a = (a ^ c) * 0x100000001b3;
        b = (b ^ c) * 0x100000001b3;
    }
    char digits[33];
    snprintf(digits, sizeof(digits), "%016llx%016llx", (unsigned long long)a, (unsigned long long)b);
    return digits;
}

std::string toolkit() {
    static const std::string path = [] {
        // Programs are in bin, libraries in lib64.
        Dl_info info;
        dladdr((void *)&toolkit, &info);
        // A program is known by what it was called as.
        bool program = !strchr(info.dli_fname, '/');
        char *real = realpath(program ? "/proc/self/exe" : info.dli_fname, nullptr);
        std::string file = real ? real : "";
        free(real);
        for (int up = 0; up < 2; up++)
            file.erase(file.find_last_of('/'));
        return file;
    }();
    return path;
}

static std::string cache() {
    std::string path = toolkit() + "/kernels";
    mkdir(path.c_str(), 0777);
    return path;
}

// Files of one compilation, told apart from those of others at the same time, and gone after it.
class Scratch {
    std::string stem;
    std::vector<std::string> made;

  public:
    Scratch() {
        // NVRTC and the driver each have this code and its count, but a thread is in one of them.
        static std::atomic<int> count{0};
        stem = cache() + "/scratch-" + std::to_string(gettid()) + "-" + std::to_string(count++);
    }
    ~Scratch() {
        for (auto &path : made)
            unlink(path.c_str());
    }
    std::string file(const std::string &suffix) { return made.emplace_back(stem + suffix); }
};

// dfdx starts all its compilations at once: no more of them run than there are processors.
class Turn {
    int file;

  public:
    Turn() {
        unsigned processors = std::max(1u, std::thread::hardware_concurrency());
        std::string path = cache() + "/turn-" + std::to_string(getpid() % processors);
        file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        flock(file, LOCK_EX);
    }
    ~Turn() { close(file); }
};

Outcome to_ptx(const std::string &source, const std::string &name, const std::string &directory, const Options &options) {
    Scratch scratch;
    std::string in = scratch.file(".cu"), out = scratch.file(".ii"), messages = scratch.file(".log"), text;
    if (!write_file(in, "# 1 \"" + name + "\"\n" + source + "\n"))
        return {false, "cannot write to " + cache() + "\n"};
    // Only what CUDA declares: no headers of the host.
    std::vector<std::string> command = {"g++", "-E", "-x", "c++", "-std=c++17", "-nostdinc", "-D__CUDACC__"};
    std::string number = options.architecture.substr(options.architecture.find('_') + 1);
    command.push_back("-D__CUDA_ARCH__=" + std::to_string(10 * atoi(number.c_str())));
    for (auto &define : options.defines)
        command.push_back("-D" + define);
    if (!directory.empty())
        command.insert(command.end(), {"-iquote", directory});
    for (auto &path : options.include_paths)
        command.push_back("-I" + path);
    if (!options.macros.empty())
        command.insert(command.end(), {"-include", options.macros});
    command.insert(command.end(), {in, "-o", out});
    bool ok = run(command, messages);
    if (!ok || !read_file(out, text)) {
        read_file(messages, text);
        return {false, text};
    }
    // The first lines name the scratch file.
    size_t start = text.find("# 1 \"" + name + "\"");
    std::string ptx = MAGIC + (start == std::string::npos ? text : text.substr(start));
    Outcome compiled = to_library(ptx);
    return compiled.ok ? Outcome{true, ptx} : compiled;
}

bool is_ptx(const std::string &ptx) { return ptx.compare(0, MAGIC.size(), MAGIC) == 0; }

Outcome to_library(const std::string &ptx) {
    std::string library = cache() + "/" + hash(ptx) + ".so", text;
    if (access(library.c_str(), R_OK) == 0)
        return {true, library};
    std::string other;
    std::vector<std::string> names = kernels(ptx, other);
    if (!other.empty())
        return {false, "emulated CUDA wants kernels as extern \"C\" __global__ void NAME(...), not " + other + "\n"};
    Scratch scratch;
    std::string in = scratch.file(".cpp"), out = scratch.file(".so"), messages = scratch.file(".log");
    std::string source = "#include \"device.h\"\n" + ptx + "\n# 1 \"launches\"\n";
    for (auto &name : names)
        source += "EMULATED_KERNEL(" + name + ")\n";
    if (!write_file(in, source))
        return {false, "cannot write to " + cache() + "\n"};
    Turn turn;
    // Kernels read floats as integers for their atomic maxima, which g++ may only be told to put up with.
    bool ok = run({"g++", "-std=c++17", "-O2", "-w", "-shared", "-fPIC", "-fvisibility=hidden", "-fno-strict-aliasing",
                   "-fno-math-errno", "-ffp-contract=off", "-I" + toolkit() + "/emulation", in, "-o", out, "-lm"},
                  messages);
    if (!ok) {
        read_file(messages, text);
        return {false, text};
    }
    // Others may have compiled the same: either file will do.
    rename(out.c_str(), library.c_str());
    return {true, library};
}

} // namespace emulation
