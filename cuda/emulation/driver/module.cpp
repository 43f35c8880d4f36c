// Modules: PTX compiled for the host and loaded as shared libraries.
#include "module.h"
#include "../compiler/compiler.h"
#include "../compiler/files.h"
#include "driver.h"
#include <dlfcn.h>
#include <map>

using namespace emulation;

struct Module {
    void *library;
    EmulatedThread *thread;
    std::map<std::string, Kernel> kernels;
};

static int refuse(const std::string &why, Code code) {
    fprintf(stderr, "emulated CUDA: %s\n", why.c_str());
    return code;
}

static int load(Module **module, const std::string &ptx) {
    if (!is_ptx(ptx))
        return refuse("a module was not compiled by the emulated nvcc or NVRTC", ptx.empty() ? INVALID_IMAGE : INVALID_PTX);
    Outcome library = to_library(ptx);
    if (!library.ok)
        return refuse(library.text, INVALID_PTX);
    void *opened = dlopen(library.text.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!opened)
        return refuse(dlerror(), INVALID_PTX);
    auto thread = (EmulatedThread * (*)()) dlsym(opened, "emulated_thread");
    *module = new Module{opened, thread(), {}};
    return SUCCESS;
}

EXPORT int cuModuleLoadData(Module **module, const void *image) {
    ENTER(CONTEXT);
    return image ? load(module, (const char *)image) : (int)INVALID_VALUE;
}

EXPORT int cuModuleLoad(Module **module, const char *path) {
    ENTER(CONTEXT);
    std::string ptx;
    return read_file(path, ptx) ? load(module, ptx) : (int)FILE_NOT_FOUND;
}

EXPORT int cuModuleUnload(Module *module) {
    ENTER(CONTEXT);
    if (!module)
        return INVALID_HANDLE;
    dlclose(module->library);
    delete module;
    return SUCCESS;
}

EXPORT int cuModuleGetFunction(Kernel **kernel, Module *module, const char *name) {
    ENTER(CONTEXT);
    if (!module)
        return INVALID_HANDLE;
    auto run = (void (*)(void **))dlsym(module->library, ("emulated_run_" + std::string(name)).c_str());
    if (!run)
        return NOT_FOUND;
    auto pointers =
        (void (*)(void **, EmulatedSee))dlsym(module->library, ("emulated_pointers_" + std::string(name)).c_str());
    *kernel = &(module->kernels[name] = Kernel{name, module->thread, run, pointers});
    return SUCCESS;
}
