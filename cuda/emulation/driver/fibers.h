// Threads of a block that wait for each other at a barrier, each on a stack of its own.
#pragma once
#include <functional>

namespace emulation {

// Runs `thread` with 0, 1, ... count - 1, one after another as long as none waits. Before any runs or goes on,
// `now` is told its number.
void run_threads(unsigned count, const std::function<void(unsigned)> &now, const std::function<void()> &thread);

// Called by a thread: goes on once every other thread has ended or waits too.
void barrier();

} // namespace emulation
