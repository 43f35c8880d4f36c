//! What a frozen network allocates from its second run on: nothing, but for the tables of transposed
//! convolutions, a few thousand bytes for each task.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};

use shapewright::prelude::*;

/// The system's allocator, which counts.
struct Counting;

static BYTES: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is handed on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        BYTES.fetch_add(layout.size(), Ordering::Relaxed);
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
    struct Convolutions: [3, 32, 32] -> [10] {
        BatchNorm2d,
        Conv2d(16, kernel = 3, padding = 1, bias = false),
        BatchNorm2d,
        ReLU,
        Residual {
            Conv2d(16, kernel = 3, padding = 1, groups = 16), SiLU, Conv2d(16, kernel = 1),
        },
        GroupNorm(4),
        Concat { { Tanh }, { Conv2d(6, kernel = 5, padding = 2), ReLU } },
        Sum { { Conv2d(8, kernel = 5, stride = 2, padding = 2) }, { Conv2d(8, kernel = 1, stride = 2) } },
        Softmax,
        ZeroPad2d(1),
        Flatten,
        Linear(32),
        ReLU,
        Linear(10),
    }

    struct Pools: [3, 32, 32] -> [10] {
        MaxPool2d(3, stride = 2, padding = 1),
        Concat {
            { AvgPool2d(2), Upsample(scale = 2, mode = bilinear) },
            { MinPool2d(3, stride = 1, padding = 1), ReLU },
            { LpPool2d(2), Upsample(scale = 2) },
            { MaxPool2d(2), Upsample(scale = 2) },
        },
        AdaptiveMaxPool2d(6),
        AdaptiveAvgPool2d(4),
        Flatten,
        Linear(10),
    }

    struct Transposed: [3, 32, 32] -> [10] {
        ConvTranspose2d(16, kernel = 4, stride = 2, padding = 1), ReLU, GlobalAvgPool2d, Linear(10),
    }
}

/// Runs `f` often and gives the fewest bytes that a run allocates: those of other threads, such as of
/// a pool that starts, are not the network's.
fn fewest(mut f: impl FnMut()) -> usize {
    let runs = (0..50).map(|_| {
        let before = BYTES.load(Ordering::Relaxed);
        f();
        BYTES.load(Ordering::Relaxed) - before
    });
    runs.min().unwrap()
}

/// Of an engine that runs a batch again.
fn allocated<N>(engine: &Frozen<N>, batch: usize) -> usize {
    let (x, mut y) = (vec![0.5; batch * 3 * 32 * 32], vec![0.0; batch * 10]);
    engine.prepare(batch);
    engine.run(batch, &x, &mut y).unwrap();
    fewest(|| engine.run(batch, &x, &mut y).unwrap())
}

// One test, so that nothing else allocates meanwhile.
#[test]
fn a_frozen_network_allocates_no_buffers() {
    let dev = Cpu::seed_from_u64(0);
    let convolutions = dev.build_module::<Convolutions, f32>().freeze().unwrap();
    let pools = dev.build_module::<Pools, f32>().freeze().unwrap();
    let transposed = dev.build_module::<Transposed, f32>().freeze().unwrap();
    for batch in [1, 4, 40] {
        assert_eq!(allocated(&convolutions, batch), 0, "a batch of {batch}");
        assert_eq!(allocated(&pools, batch), 0, "a batch of {batch}");
        // Those of a task take about 4 KiB, and it has an image at least.
        let tables = allocated(&transposed, batch);
        assert!((1..(5 << 10) * batch).contains(&tables), "{tables} bytes for a batch of {batch}");
    }
}
