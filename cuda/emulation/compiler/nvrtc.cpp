// The emulated NVRTC.
#include "../faults.h"
#include "compiler.h"
#include <cstring>

using namespace emulation;

enum { SUCCESS = 0, INVALID_INPUT = 3, INVALID_PROGRAM = 4, INVALID_OPTION = 5, COMPILATION = 6 };

struct Program {
    std::string source, name, ptx, log;
};

static bool begins(const std::string &text, const char *start) { return text.rfind(start, 0) == 0; }

static std::string value(const std::string &option) { return option.substr(option.find('=') + 1); }

// How to calculate and what to call things makes no difference here.
static bool without_effect(const std::string &option) {
    for (const char *known : {"--ftz=", "--prec-sqrt=", "--prec-div=", "--fmad=", "--maxrregcount=", "--use_fast_math",
                              "--std=", "-std=", "-default-device", "--device-debug", "--generate-line-info"})
        if (begins(option, known))
            return true;
    return false;
}

static bool read_option(const std::string &option, Options &options) {
    if (begins(option, "--gpu-architecture=") || begins(option, "-arch="))
        options.architecture = value(option);
    else if (begins(option, "--include-path="))
        options.include_paths.push_back(value(option));
    else if (begins(option, "-I"))
        options.include_paths.push_back(option.substr(2));
    else if (begins(option, "--define-macro="))
        options.defines.push_back(value(option));
    else if (begins(option, "-D"))
        options.defines.push_back(option.substr(2));
    else
        return without_effect(option);
    return true;
}

EXPORT const char *nvrtcGetErrorString(int code) {
    static const char *const names[] = {"NVRTC_SUCCESS",
                                        "NVRTC_ERROR_OUT_OF_MEMORY",
                                        "NVRTC_ERROR_PROGRAM_CREATION_FAILURE",
                                        "NVRTC_ERROR_INVALID_INPUT",
                                        "NVRTC_ERROR_INVALID_PROGRAM",
                                        "NVRTC_ERROR_INVALID_OPTION",
                                        "NVRTC_ERROR_COMPILATION",
                                        "NVRTC_ERROR_BUILTIN_OPERATION_FAILURE"};
    return code >= 0 && code < 8 ? names[code] : "NVRTC_ERROR unknown";
}

EXPORT int nvrtcVersion(int *major, int *minor) {
    FAIL_ON_DEMAND();
    *major = 13, *minor = 0;
    return SUCCESS;
}

EXPORT int nvrtcCreateProgram(Program **program, const char *source, const char *name, int headers,
                              const char *const *, const char *const *) {
    FAIL_ON_DEMAND();
    if (!program || !source || headers != 0)
        return INVALID_INPUT;
    *program = new Program{source, name ? name : "default_program", "", ""};
    return SUCCESS;
}

EXPORT int nvrtcDestroyProgram(Program **program) {
    FAIL_ON_DEMAND();
    if (!program || !*program)
        return INVALID_PROGRAM;
    delete *program;
    *program = nullptr;
    return SUCCESS;
}

EXPORT int nvrtcCompileProgram(Program *program, int count, const char *const *arguments) {
    FAIL_ON_DEMAND();
    if (!program)
        return INVALID_PROGRAM;
    Options options;
    options.defines.push_back("__CUDACC_RTC__");
    for (int i = 0; i < count; i++)
        if (!read_option(arguments[i], options)) {
            program->log = std::string("emulated NVRTC: unrecognized option ") + arguments[i] + "\n";
            return INVALID_OPTION;
        }
    Outcome outcome = to_ptx(program->source, program->name, "", options);
    (outcome.ok ? program->ptx : program->log) = outcome.text;
    return outcome.ok ? SUCCESS : COMPILATION;
}

static int size_of(const std::string &text, size_t *size) {
    *size = text.size() + 1;
    return SUCCESS;
}

static int copy_of(const std::string &text, char *buffer) {
    memcpy(buffer, text.c_str(), text.size() + 1);
    return SUCCESS;
}

EXPORT int nvrtcGetPTXSize(Program *program, size_t *size) {
    FAIL_ON_DEMAND();
    return program && !program->ptx.empty() ? size_of(program->ptx, size) : INVALID_PROGRAM;
}

EXPORT int nvrtcGetPTX(Program *program, char *buffer) {
    FAIL_ON_DEMAND();
    return program && !program->ptx.empty() ? copy_of(program->ptx, buffer) : INVALID_PROGRAM;
}

EXPORT int nvrtcGetProgramLogSize(Program *program, size_t *size) {
    FAIL_ON_DEMAND();
    return program ? size_of(program->log, size) : INVALID_PROGRAM;
}

EXPORT int nvrtcGetProgramLog(Program *program, char *buffer) {
    FAIL_ON_DEMAND();
    return program ? copy_of(program->log, buffer) : INVALID_PROGRAM;
}
