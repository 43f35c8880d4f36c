// The emulated nvcc. It knows the two command lines of dfdx's build script.
#include "compiler.h"
#include "files.h"
#include <cstdio>
#include <cstring>

using namespace emulation;

static int fail(const std::string &message) {
    fprintf(stderr, "emulated nvcc: %s\n", message.c_str());
    return 1;
}

int main(int count, char **arguments) {
    if (count == 2 && !strcmp(arguments[1], "--list-gpu-code")) {
        puts("sm_75\nsm_80\nsm_86\nsm_89\nsm_90");
        return 0;
    }
    if (count == 2 && !strcmp(arguments[1], "--version")) {
        puts("emulated nvcc");
        return 0;
    }
    Options options;
    std::string output, input;
    bool ptx = false;
    for (int i = 1; i < count; i++) {
        std::string a = arguments[i];
        bool more = i + 1 < count;
        if (a == "--ptx")
            ptx = true;
        else if (a.rfind("--gpu-architecture=", 0) == 0)
            options.architecture = a.substr(a.find('=') + 1);
        else if (a == "--default-stream" && more)
            i++;
        else if (a == "--output-directory" && more)
            output = arguments[++i];
        else if (a.rfind("-I", 0) == 0 && a.size() > 2)
            options.include_paths.push_back(a.substr(2));
        else if (a[0] != '-' && input.empty())
            input = a;
        else
            return fail("cannot handle " + a);
    }
    if (!ptx || output.empty() || input.empty())
        return fail("only --ptx --output-directory DIR FILE.cu, --list-gpu-code and --version are emulated");
    options.include_paths.push_back(toolkit() + "/include");
    // Unlike NVRTC, nvcc finds headers of the host, and includes this one by itself.
    options.include_paths.push_back(toolkit() + "/emulation/host");
    options.macros = "math.h";

    std::string source;
    if (!read_file(input, source))
        return fail("cannot read " + input);
    size_t slash = input.find_last_of('/');
    std::string directory = slash == std::string::npos ? "." : input.substr(0, slash);
    std::string stem = slash == std::string::npos ? input : input.substr(slash + 1);
    stem.erase(stem.find_last_of('.'));
    Outcome outcome = to_ptx(source, input, directory, options);
    if (!outcome.ok) {
        fputs(outcome.text.c_str(), stderr);
        return 1;
    }
    std::string path = output + "/" + stem + ".ptx";
    return write_file(path, outcome.text) ? 0 : fail("cannot write " + path);
}
