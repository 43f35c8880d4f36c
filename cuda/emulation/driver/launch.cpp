// Launches: block after block, and in each thread after thread.
#include "driver.h"
#include "fibers.h"
#include "module.h"
#include <csignal>
#include <cstdlib>
#include <unistd.h>

using namespace emulation;

static size_t launches, threads;
static const Kernel *running;
static std::string &last = *new std::string("none"); // the check at the program's end still asks for it

std::string emulation::last_kernel() { return last; }

void emulation::print_launches() {
    fprintf(stderr, "emulated CUDA: %zu launches of %zu threads in all\n", launches, threads);
}

static void failed(const char *condition, const char *file, int line) {
    fprintf(stderr, "emulated CUDA: %s:%d: assertion `%s` failed in kernel %s\n", file, line, condition, last.c_str());
    abort();
}

// Names the kernel, then dies as it would have without.
static void crashed(int signal) {
    if (running) {
        const char *parts[] = {"emulated CUDA: illegal memory access in kernel ", running->name.c_str(), "\n"};
        for (const char *part : parts)
            if (write(2, part, std::char_traits<char>::length(part)) < 0)
                break;
    }
    struct sigaction standard = {};
    standard.sa_handler = SIG_DFL;
    sigaction(signal, &standard, nullptr);
}

// For the time of a launch: otherwise the program's own handler is in charge.
class CrashHandler {
    struct sigaction segmentation, bus;

  public:
    CrashHandler() {
        struct sigaction action = {};
        action.sa_handler = crashed;
        action.sa_flags = SA_ONSTACK;
        sigaction(SIGSEGV, &action, &segmentation);
        sigaction(SIGBUS, &action, &bus);
    }
    ~CrashHandler() {
        sigaction(SIGSEGV, &segmentation, nullptr);
        sigaction(SIGBUS, &bus, nullptr);
    }
};

static void run_grid(const Kernel &kernel, dim3 blocks, dim3 threads, void **parameters) {
    EmulatedThread &now = *kernel.thread;
    now.threads = threads, now.blocks = blocks;
    now.barrier = barrier, now.failed = failed;
    auto tell = [&](unsigned thread) {
        now.thread = threads.y == 1 && threads.z == 1
                         ? uint3{thread, 0, 0}
                         : uint3{thread % threads.x, thread / threads.x % threads.y, thread / threads.x / threads.y};
    };
    auto run = [&](unsigned thread) {
        tell(thread);
        kernel.run(parameters);
    };
    for (unsigned z = 0; z < blocks.z; z++)
        for (unsigned y = 0; y < blocks.y; y++)
            for (unsigned x = 0; x < blocks.x; x++) {
                now.block = {x, y, z};
                run_threads(threads.x * threads.y * threads.z, run, tell);
            }
}

EXPORT int cuLaunchKernel(const Kernel *kernel, unsigned blocks_x, unsigned blocks_y, unsigned blocks_z,
                          unsigned threads_x, unsigned threads_y, unsigned threads_z, unsigned shared_bytes, void *,
                          void **parameters, void **extra) {
    ENTER(CONTEXT);
    if (!kernel)
        return INVALID_HANDLE;
    dim3 blocks{blocks_x, blocks_y, blocks_z}, block{threads_x, threads_y, threads_z};
    if (blocks.x == 0 || blocks.y == 0 || blocks.z == 0 || block.x == 0 || block.y == 0 || block.z == 0)
        return INVALID_VALUE;
    if (blocks.x > 2147483647u || blocks.y > 65535 || blocks.z > 65535)
        return INVALID_VALUE;
    if (block.x > 1024 || block.y > 1024 || block.z > 64 || uint64_t(block.x) * block.y * block.z > 1024)
        return INVALID_VALUE;
    if (shared_bytes != 0 || extra) {
        fprintf(stderr, "emulated CUDA: %s: no dynamic shared memory, no packed parameters\n", kernel->name.c_str());
        return NOT_SUPPORTED;
    }
    static const bool trace = enabled("CUDA_EMULATION_TRACE");
    if (trace)
        fprintf(stderr, "emulated CUDA: %s grid (%u, %u, %u) block (%u, %u, %u)\n", kernel->name.c_str(), blocks.x,
                blocks.y, blocks.z, block.x, block.y, block.z);
    launches++;
    threads += size_t(blocks.x) * blocks.y * blocks.z * block.x * block.y * block.z;
    last = kernel->name;
    running = kernel;
    {
        CrashHandler handler;
        run_grid(*kernel, blocks, block, parameters);
    }
    running = nullptr;
    kernel->pointers(parameters, check_around);
    return SUCCESS;
}
