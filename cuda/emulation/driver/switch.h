// Leaves one stack for another.
#pragma once
#include <cstddef>

#if !defined(__x86_64__) && !defined(__aarch64__)
#include <ucontext.h>
#endif

namespace emulation {

#if defined(__x86_64__) || defined(__aarch64__)
struct Context {
    void *stack_pointer;
};
#else
struct Context {
    ucontext_t registers;
};
#endif

// A context that calls `entry`, which must not return.
void make_context(Context &, void *stack, size_t size, void (*entry)());

void switch_context(Context &from, Context &to);

} // namespace emulation
