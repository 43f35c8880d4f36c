// Threads of a block that wait for each other at a barrier, each on a stack of its own.
#pragma once
#include <functional>

namespace emulation {

// Calls `thread` with 0, 1, ... count - 1, one after another as long as none waits. Before one that waited goes on, `now`
// is told its number.
void run_threads(unsigned count, const std::function<void(unsigned)> &thread, const std::function<void(unsigned)> &now);

// Called by a thread: goes on once every other thread has ended or waits too.
void barrier();

} // namespace emulation
