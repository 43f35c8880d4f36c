//! Sharing out the output rows of all images.

use std::ops::Range;

/// Tasks of output rows, of one image or of several: so that one image keeps all threads busy
/// and small images do not make small tasks.
#[derive(Clone, Copy)]
pub struct RowTasks {
    height: usize,
    total: usize,
    per_task: usize,
}

/// The rows of one image in a task.
pub struct Part {
    /// 0 for the task's first image, 1 for its second, …
    pub slot: usize,
    pub image: usize,
    pub rows: Range<usize>,
}

impl RowTasks {
    /// About `wanted` rows a task, of `batch` images of `height` rows, but at least a task for
    /// each thread; full tiles of `tile` rows where that is possible.
    pub fn new(batch: usize, height: usize, wanted: usize, threads: usize, tile: usize) -> Self {
        let total = batch * height;
        let most = total.div_ceil(threads);
        let mut wanted = wanted.clamp(1, most);
        if wanted >= height {
            // Whole images.
            wanted = (wanted / height * height).min(most);
        }
        // Tasks of equal size, as many for each thread.
        let mut per_task = total.div_ceil(total.div_ceil(wanted).next_multiple_of(threads));
        if per_task > tile {
            per_task = per_task.next_multiple_of(tile);
        }
        RowTasks { height, total, per_task }
    }

    pub fn count(&self) -> usize {
        self.total.div_ceil(self.per_task)
    }

    /// The most rows of one image in a task.
    pub fn rows(&self) -> usize {
        self.per_task.min(self.height)
    }

    /// The most images in a task.
    pub fn slots(&self) -> usize {
        if self.per_task.is_multiple_of(self.height) {
            self.per_task / self.height
        } else {
            (self.per_task - 1) / self.height + 2
        }
    }

    /// The images of a task and their rows.
    #[inline(always)]
    pub fn parts(self, task: usize) -> impl Iterator<Item = Part> {
        let start = task * self.per_task;
        let end = (start + self.per_task).min(self.total);
        let first = start / self.height;
        (first..end.div_ceil(self.height)).map(move |image| {
            let top = image * self.height;
            let rows = start.max(top) - top..end.min(top + self.height) - top;
            Part { slot: image - first, image, rows }
        })
    }
}
