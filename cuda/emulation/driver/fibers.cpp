#include "fibers.h"
#include "switch.h"
#include <cstdio>
#include <cstdlib>
#include <sys/mman.h>
#include <vector>

namespace emulation {

// A stack that runs threads to their ends, one after another. When one waits, the stack is its own until it has ended,
// and another stack takes the next threads. So blocks without barriers need one stack only.
struct Fiber {
    Context context;
    unsigned thread;
};

static const size_t STACK = 256 << 10, GUARD = 4 << 10;

static Context scheduler;
static Fiber *running;
// Never destroyed: a program may end while a launch runs.
static std::vector<Fiber *> &idle = *new std::vector<Fiber *>, &waiting = *new std::vector<Fiber *>;
static unsigned started, total;
static const std::function<void(unsigned)> *body;

static void work() {
    Fiber *self = running;
    for (;;) {
        while (started < total) {
            self->thread = started++;
            (*body)(self->thread);
        }
        idle.push_back(self);
        switch_context(self->context, scheduler);
    }
}

static Fiber *take() {
    if (idle.empty()) {
        void *stack = mmap(nullptr, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
        if (stack == MAP_FAILED || mprotect(stack, GUARD, PROT_NONE) != 0) {
            fprintf(stderr, "emulated CUDA: no memory for the stack of a thread\n");
            abort();
        }
        auto fiber = new Fiber;
        // Equal distances would put the used ends of all stacks into the same few lines of the cache.
        static unsigned fibers = 0;
        make_context(fiber->context, stack, STACK - fibers++ % 61 * 192, work);
        return fiber;
    }
    Fiber *fiber = idle.back();
    idle.pop_back();
    return fiber;
}

static void resume(Fiber *fiber) {
    running = fiber;
    switch_context(scheduler, fiber->context);
}

void run_threads(unsigned count, const std::function<void(unsigned)> &thread, const std::function<void(unsigned)> &now) {
    started = 0, total = count, body = &thread;
    while (started < total)
        resume(take());
    std::vector<Fiber *> ready;
    while (!waiting.empty()) {
        ready.clear();
        ready.swap(waiting);
        for (Fiber *fiber : ready) {
            now(fiber->thread);
            resume(fiber);
        }
    }
}

void barrier() {
    waiting.push_back(running);
    switch_context(running->context, scheduler);
}

} // namespace emulation
