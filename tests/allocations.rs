//! A frozen network allocates nothing from its second run on.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use shapewright::prelude::*;

/// The system's allocator, which counts.
struct Counting;

static ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is handed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(ptr, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

net! {
    /// Some of everything.
    struct Net: [3, 32, 32] -> [10] {
        BatchNorm2d,
        Conv2d(16, kernel = 3, padding = 1, bias = false),
        BatchNorm2d,
        ReLU,
        MaxPool2d(3, stride = 2, padding = 1),
        Residual {
            Conv2d(16, kernel = 3, padding = 1, groups = 16), SiLU, Conv2d(16, kernel = 1),
        },
        GroupNorm(4),
        Concat {
            { AvgPool2d(2), Upsample(scale = 2, mode = bilinear) },
            { MinPool2d(3, stride = 1, padding = 1), ReLU },
            { ConvTranspose2d(16, kernel = 3, padding = 1), ReLU },
            { LpPool2d(2), Upsample(scale = 2) },
        },
        Sum { { Conv2d(8, kernel = 5, padding = 2), Tanh }, { Conv2d(8, kernel = 1) } },
        ZeroPad2d(1),
        AdaptiveMaxPool2d(6),
        AdaptiveAvgPool2d(4),
        Flatten,
        Linear(32),
        ReLU,
        Linear(10),
        LogSoftmax,
    }
}

/// Runs `f` often and gives the fewest allocations of one run: those of other threads, such as of
/// a pool that starts, are not the network's.
fn fewest(mut f: impl FnMut()) -> usize {
    let runs = (0..50).map(|_| {
        let before = ALLOCATIONS.load(Ordering::Relaxed);
        f();
        ALLOCATIONS.load(Ordering::Relaxed) - before
    });
    runs.min().unwrap()
}

#[test]
fn a_frozen_network_allocates_nothing() {
    let dev = Cpu::seed_from_u64(0);
    let engine = dev.build_module::<Net, f32>().freeze().unwrap();
    for batch in [1, 4, 40] {
        let (x, mut y) = (vec![0.5; batch * 3 * 32 * 32], vec![0.0; batch * 10]);
        engine.prepare(batch);
        engine.run(batch, &x, &mut y).unwrap();
        assert_eq!(fewest(|| engine.run(batch, &x, &mut y).unwrap()), 0, "a batch of {batch}");
    }
    // The counter counts.
    assert!(fewest(|| drop(std::hint::black_box(vec![1, 2, 3]))) > 0);
}
