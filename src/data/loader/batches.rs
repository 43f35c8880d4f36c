//! The batches of an epoch, one after the other.
use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::thread;
use std::time::Duration;

use super::Epoch;
use crate::data::{Batch, Error};

/// The batches of an epoch, from [`Loader::epoch`](super::Loader::epoch). Dropped before its end, it
/// stops the thread that prepares them.
pub struct Batches {
    from: From,
    left: usize,
}

enum From {
    /// The options are wrong.
    Nowhere(Option<Error>),
    /// Each batch is prepared when it is asked for.
    Here(Arc<Epoch>, Range<usize>),
    /// A thread prepares batches.
    Thread(Receiver<Result<Batch, Error>>),
}

impl Batches {
    pub(super) fn failed(error: Error) -> Self {
        Self { from: From::Nowhere(Some(error)), left: 1 }
    }

    pub(super) fn new(epoch: Epoch, batches: Range<usize>, prefetch: usize) -> Self {
        let (epoch, left) = (Arc::new(epoch), batches.len());
        let ahead = prefetch.min(left);
        if ahead == 0 {
            return Self { from: From::Here(epoch, batches), left };
        }
        // Besides those in the channel, the thread holds one that it has prepared.
        let (sender, receiver) = sync_channel(ahead - 1);
        let (there, numbers) = (Arc::clone(&epoch), batches.clone());
        let thread = thread::Builder::new().name("batches".to_owned()).spawn(move || {
            for number in numbers {
                // Nobody waits for more when the receiver is gone.
                if sender.send(there.batch(number)).is_err() {
                    return;
                }
            }
        });
        match thread {
            Ok(_) => Self { from: From::Thread(receiver), left },
            // The system has no thread to give.
            Err(_) => Self { from: From::Here(epoch, batches), left },
        }
    }
}

impl Iterator for Batches {
    type Item = Result<Batch, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = match &mut self.from {
            From::Nowhere(error) => error.take().map(Err),
            From::Here(epoch, numbers) => numbers.next().map(|number| epoch.batch(number)),
            From::Thread(batches) => receive(batches),
        };
        self.left = if batch.is_some() { self.left - 1 } else { 0 };
        batch
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Batches {}
impl std::iter::FusedIterator for Batches {}

/// Waits for the next batch. On one of rayon's threads it works for rayon meanwhile, because the
/// batch is prepared by those threads and might wait for this one.
fn receive(batches: &Receiver<Result<Batch, Error>>) -> Option<Result<Batch, Error>> {
    loop {
        match batches.try_recv() {
            Ok(batch) => return Some(batch),
            Err(TryRecvError::Disconnected) => return None,
            Err(TryRecvError::Empty) => {}
        }
        match rayon::yield_now() {
            None => return batches.recv().ok(),
            Some(rayon::Yield::Executed) => {}
            Some(rayon::Yield::Idle) => thread::sleep(Duration::from_micros(100)),
        }
    }
}
