use super::*;
use crate::data::{Batch, Error, Images};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Images of 3×2 pixels, which are all ten times their number, and labels by number.
fn numbered(count: u8) -> Images {
    let pixels = (0..count).flat_map(|i| [i * 10; 6]).collect();
    Images::new(pixels, (0..count).map(|i| i % 4).collect(), [1, 3, 2], 4).unwrap()
}

/// The numbers of the images in each batch.
fn numbers(batches: impl Iterator<Item = Result<Batch, Error>>) -> Vec<Vec<u8>> {
    let of = |batch: Batch| -> Vec<u8> {
        let images: Vec<u8> = batch.pixels.chunks(6).map(|p| (p[0] * 25.5).round() as u8).collect();
        assert_eq!(batch.shape, [images.len(), 1, 3, 2]);
        assert!(images.iter().zip(&batch.labels).all(|(&i, &label)| usize::from(i % 4) == label));
        images
    };
    batches.map(|batch| of(batch.unwrap())).collect()
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

#[test]
fn without_options_images_come_in_order_one_by_one() {
    let loader = Loader::new(numbered(3));
    assert_eq!(numbers(loader.epoch(0)), [[0], [1], [2]]);
    assert_eq!(loader.batches(), 3);
}

#[test]
fn the_last_batch_is_kept_unless_told_otherwise() {
    let loader = Loader::new(numbered(8)).batch_size(3);
    assert_eq!(numbers(loader.epoch(7)), [vec![0, 1, 2], vec![3, 4, 5], vec![6, 7]]);
    assert_eq!((loader.batches(), loader.epoch(0).len()), (3, 3));
    let loader = loader.drop_last(true);
    assert_eq!(numbers(loader.epoch(7)), [[0, 1, 2], [3, 4, 5]]);
    assert_eq!((loader.batches(), loader.epoch(0).len()), (2, 2));
    let all = loader.clone().batch_size(8);
    assert_eq!(numbers(all.epoch(0)), [[0, 1, 2, 3, 4, 5, 6, 7]]);
    let larger = loader.batch_size(9);
    assert_eq!((larger.batches(), larger.epoch(0).count()), (0, 0));
    assert_eq!(numbers(larger.clone().drop_last(false).epoch(0))[0].len(), 8);
    assert_eq!(larger.batch_size(usize::MAX).drop_last(false).epoch(0).count(), 1);
}

#[test]
fn every_epoch_has_every_image_once_in_an_order_of_its_own() {
    let loader = Loader::new(numbered(20)).batch_size(6).shuffle(1);
    let orders: Vec<Vec<u8>> = (0..5).map(|e| numbers(loader.epoch(e)).concat()).collect();
    for (e, order) in orders.iter().enumerate() {
        let mut sorted = order.clone();
        sorted.sort();
        assert_eq!(sorted, (0..20).collect::<Vec<u8>>());
        assert!(orders[..e].iter().all(|earlier| earlier != order));
    }
    assert_ne!(numbers(loader.shuffle(2).epoch(0)).concat(), orders[0]);
}

/// A training that was stopped goes on with another version of this crate: the orders stay.
#[test]
fn the_orders_are_those_of_all_versions() {
    let loader = Loader::new(numbered(10)).batch_size(10).shuffle(1);
    assert_eq!(numbers(loader.epoch(0)), [[3, 1, 9, 6, 8, 2, 7, 0, 4, 5]]);
    assert_eq!(numbers(loader.epoch(1)), [[9, 4, 0, 2, 7, 8, 3, 5, 1, 6]]);
}

/// The batches of an epoch with everything random, as plain numbers.
fn epoch(prefetch: usize, from: usize) -> Vec<Batch> {
    let augment = Augment::new().rotate(20.0).shift(1).flip(0.5);
    let loader = Loader::new(crate::data::Digits::draw(50, 3))
        .batch_size(8)
        .shuffle(9)
        .augment(augment)
        .normalize(Normalize::MNIST)
        .prefetch(prefetch);
    loader.epoch_from(3, from).map(Result::unwrap).collect()
}

#[test]
fn an_epoch_is_the_same_on_any_threads_and_from_any_batch() {
    let whole = epoch(0, 0);
    assert_eq!(whole.len(), 7);
    for prefetch in [0, 1, 2, 50, usize::MAX] {
        for threads in [1, 2, 5] {
            assert_eq!(on_threads(threads, || epoch(prefetch, 0)), whole);
        }
        for from in [1, 4, 6, 7, 8, usize::MAX] {
            assert_eq!(epoch(prefetch, from), whole[from.min(7)..], "from {from}");
        }
    }
}

#[test]
fn augmentations_change_with_the_epoch_and_the_seed() {
    let digits = Arc::new(crate::data::Digits::draw(10, 3));
    let loader = Loader::new(Arc::clone(&digits)).batch_size(10).augment(Augment::new().shift(3));
    let first = |loader: &Loader, epoch| loader.epoch(epoch).next().unwrap().unwrap();
    assert_eq!(first(&loader, 0), first(&loader, 0));
    assert_ne!(first(&loader, 0), first(&loader, 1));
    // An image is changed in the same way wherever it is in the order.
    let (shuffled, plain) = (first(&loader.clone().shuffle(0), 2), first(&loader, 2));
    for image in plain.pixels.chunks(784) {
        assert!(shuffled.pixels.chunks(784).any(|other| other == image));
    }
    assert_ne!(first(&loader.clone().shuffle(1), 2), shuffled);
}

#[test]
fn crops_set_the_shape_of_the_batches() {
    let loader = Loader::new(numbered(5)).batch_size(5).augment(Augment::new().crop([2, 4], 1));
    let batch = loader.epoch(0).next().unwrap().unwrap();
    assert_eq!((batch.shape, batch.pixels.len()), ([5, 1, 2, 4], 40));
}

#[test]
fn options_that_do_not_suit_are_one_error() {
    let loader = Loader::new(numbered(5)).batch_size(2);
    for (loader, message) in [
        (loader.clone().batch_size(0), "batches of 0 images"),
        (
            loader.clone().normalize(Normalize::IMAGENET),
            "tensors of shape [3, 3, 2] asked for, but the images have [1, 3, 2]",
        ),
        (
            loader.clone().augment(Augment::new().crop([4, 2], 0)),
            "a crop of 4×2 pixels from images that are 3×2 with their padding",
        ),
    ] {
        let batches: Vec<_> = loader.epoch_from(0, 1).collect();
        assert_eq!(batches.len(), 1);
        assert_eq!(batches[0].as_ref().unwrap_err().to_string(), message);
    }
    assert_eq!(loader.batch_size(0).batches(), 0);
    assert_eq!(Loader::new(numbered(0)).epoch(0).count(), 0);
}

/// Ten images that are bad in three ways, and that count how often they are read.
struct Bad(AtomicUsize);

impl Dataset for Bad {
    fn len(&self) -> usize {
        10
    }
    fn shape(&self) -> [usize; 3] {
        [1, 1, 1]
    }
    fn classes(&self) -> usize {
        3
    }
    fn read(&self, index: usize, _: &mut [u8]) -> Result<usize, Error> {
        self.0.fetch_add(1, Ordering::Relaxed);
        match index {
            2 => Err(Error::other("no light")),
            4 => panic!("image {index} bites"),
            6 => Ok(3),
            _ => Ok(0),
        }
    }
}

#[test]
fn errors_and_panics_of_a_dataset_take_the_place_of_their_batch() {
    for prefetch in [0, 2] {
        let loader = Loader::new(Bad(AtomicUsize::new(0))).batch_size(2).prefetch(prefetch);
        let batches: Vec<_> =
            loader.epoch(0).map(|batch| batch.map_err(|e| e.to_string())).collect();
        let message = |i: usize| batches[i].as_ref().unwrap_err().as_str();
        assert_eq!(batches.len(), 5);
        assert_eq!(message(1), "no light");
        assert_eq!(message(2), "reading image 4 of the dataset panicked: image 4 bites");
        assert_eq!(message(3), "sample 6 has label 3, but there are 3 classes");
        assert!(batches[0].is_ok() && batches[4].is_ok());
    }
    // Of several errors in a batch it is always the first.
    let loader = Loader::new(Bad(AtomicUsize::new(0))).batch_size(10);
    for _ in 0..20 {
        let error = loader.epoch(0).next().unwrap().unwrap_err();
        assert_eq!(error.to_string(), "no light");
    }
}

/// Waits until `done`, or fails.
fn wait(what: &str, done: impl Fn() -> bool) {
    let start = Instant::now();
    while !done() {
        assert!(start.elapsed() < Duration::from_secs(20), "{what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn batches_are_prepared_ahead_but_no_further_than_asked_for() {
    let dataset = Arc::new(Bad(AtomicUsize::new(0)));
    let loader = Loader::new(Arc::clone(&dataset)).prefetch(3);
    let mut batches = loader.epoch(0);
    let read = || dataset.0.load(Ordering::Relaxed);
    wait("three batches ahead", || read() == 3);
    batches.next();
    wait("one more for the one that was taken", || read() == 4);
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(read(), 4);
    assert_eq!(batches.len(), 9);
}

#[test]
fn dropped_batches_stop_their_thread() {
    let dataset = Arc::new(Bad(AtomicUsize::new(0)));
    let loader = Loader::new(Arc::clone(&dataset)).prefetch(1);
    let mut batches = loader.epoch(0);
    batches.next();
    drop((batches, loader));
    // The thread holds the dataset for as long as it runs.
    wait("the thread is gone", || Arc::strong_count(&dataset) == 1);
    assert!(dataset.0.load(Ordering::Relaxed) <= 3);
}

/// A consumer on rayon's only thread needs that thread to get its batch. In a process of its own,
/// since the global pool is made once: the test runs this executable again with one thread.
#[test]
fn a_consumer_on_the_only_thread_of_rayon_gets_its_batches() {
    let name = "data::loader::tests::a_consumer_on_the_only_thread_of_rayon_gets_its_batches";
    if std::env::var_os("RAYON_NUM_THREADS").is_none_or(|n| n != "1") {
        let mut child = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", name])
            .env("RAYON_NUM_THREADS", "1")
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let start = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if start.elapsed() > Duration::from_secs(60) {
                child.kill().unwrap();
                panic!("the batches never come");
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let output = child.wait_with_output().unwrap();
        let output = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(status.success() && output.contains("1 passed"), "{output}");
        return;
    }
    let mut counts = [0];
    rayon::scope(|scope| {
        scope.spawn(|_| counts[0] = Loader::new(numbered(20)).batch_size(3).epoch(0).count());
    });
    assert_eq!(counts, [7]);
}
