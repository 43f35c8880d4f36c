//! Downloads from a server in this process, which behaves well, badly and very badly.
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::files::Dir;
use shapewright::data::{Checksum, Cifar10, Cifar100, Download, Error, Progress};

/// A server on a port of its own. It answers each request, of which it has the head and the number,
/// with bytes, and closes the connection.
struct Server {
    port: u16,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(answer: impl Fn(usize, &str) -> Vec<u8> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let mut lines = BufReader::new(&connection).lines().map_while(Result::ok);
                let head: Vec<String> =
                    lines.by_ref().take_while(|line| !line.is_empty()).collect();
                let head = head.join("\n").to_lowercase();
                drop(lines);
                let number = {
                    let mut requests = seen.lock().unwrap();
                    requests.push(head.clone());
                    requests.len() - 1
                };
                // A client that has seen enough closes first.
                let _ = connection.write_all(&answer(number, &head));
            }
        });
        Self { port, requests }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/file.bin", self.port)
    }

    /// The first byte that each request asked for.
    fn ranges(&self) -> Vec<Option<usize>> {
        self.requests.lock().unwrap().iter().map(|head| range(head)).collect()
    }
}

/// From which byte on a request wants the file.
fn range(head: &str) -> Option<usize> {
    let line = head.lines().find_map(|line| line.strip_prefix("range: bytes="))?;
    Some(line.trim_end_matches('-').parse().unwrap())
}

fn answer(status: &str, headers: &str, length: usize, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// All of the file, whatever is asked for.
fn whole(file: &[u8]) -> Vec<u8> {
    answer("200 OK", "", file.len(), file)
}

/// What is asked for of the file, at most `most` bytes of it.
fn part(file: &[u8], head: &str, most: usize) -> Vec<u8> {
    match range(head) {
        None => answer("200 OK", "", file.len(), &file[..file.len().min(most)]),
        Some(from) if from >= file.len() => answer("416 Range Not Satisfiable", "", 0, &[]),
        Some(from) => {
            let (rest, n) = (&file[from..], file.len());
            let headers = format!("Content-Range: bytes {from}-{}/{n}\r\n", n - 1);
            answer("206 Partial Content", &headers, rest.len(), &rest[..rest.len().min(most)])
        }
    }
}

/// The file that the servers have; Python's hashlib says its checksums.
fn file() -> Vec<u8> {
    (0..300_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

fn checksum() -> Checksum {
    Checksum::sha256(SHA256)
}

const SHA256: &str = "136f334d647619879743ff33fde1ac6547f40e314692441f2a125e087cad47c9";
const MD5: &str = "14a1802113ce2773fe316b5a05dd3645";

fn target(dir: &Dir) -> PathBuf {
    dir.0.join("new/file.bin")
}

fn download(dir: &Dir, server: &Server) -> Download {
    Download::new(server.url(), target(dir), checksum())
}

fn message(result: Result<(), Error>) -> String {
    let error = result.unwrap_err();
    assert!(matches!(error, Error::Download { .. }), "{error}");
    error.to_string()
}

/// That the complete file is there, and no part of it beside.
fn assert_complete(dir: &Dir) {
    assert!(fs::read(target(dir)).unwrap() == file());
    assert_eq!(fs::read_dir(dir.0.join("new")).unwrap().count(), 1);
}

#[test]
fn a_file_is_fetched_once_and_progress_is_told() {
    let dir = Dir::new("download-once");
    let server = Server::new(|_, _| whole(&file()));
    let mut seen = Vec::new();
    download(&dir, &server)
        .run(|progress| {
            assert_eq!((progress.file, progress.total), (target(&dir).as_path(), Some(300_000)));
            seen.push(progress.bytes);
        })
        .unwrap();
    assert_complete(&dir);
    assert!(seen.is_sorted() && seen.first() == Some(&0) && seen.last() == Some(&300_000));
    download(&dir, &server).run(|_| panic!("nothing is left to do")).unwrap();
    let by_md5 = Download::new(server.url(), target(&dir), Checksum::md5(MD5.to_uppercase()));
    by_md5.run(|_| panic!("nothing is left to do")).unwrap();
    assert_eq!(server.ranges(), [None]);
    // A file that was damaged since is fetched again.
    fs::write(target(&dir), b"damaged").unwrap();
    download(&dir, &server).run(|_| ()).unwrap();
    assert_complete(&dir);
}

#[test]
fn a_cut_connection_is_taken_up_where_it_was_cut() {
    let dir = Dir::new("download-cut");
    let server = Server::new(|_, head| part(&file(), head, 90_000));
    download(&dir, &server).run(|_| ()).unwrap();
    assert_complete(&dir);
    assert_eq!(server.ranges(), [None, Some(90_000), Some(180_000), Some(270_000)]);
}

#[test]
fn what_an_earlier_run_left_is_not_fetched_again() {
    let dir = Dir::new("download-later");
    dir.write("new/file.bin.part", &file()[..200_000]);
    let server = Server::new(|_, head| part(&file(), head, usize::MAX));
    let mut first = None;
    let progress = |p: Progress| first = first.or(Some(p.bytes));
    download(&dir, &server).run(progress).unwrap();
    assert_complete(&dir);
    assert_eq!((first, server.ranges()), (Some(200_000), vec![Some(200_000)]));

    // All of it is there, but it has not got its name.
    let dir = Dir::new("download-rename");
    dir.write("new/file.bin.part", &file());
    download(&dir, &server).run(|_| ()).unwrap();
    assert_complete(&dir);
    assert_eq!(server.ranges().len(), 1);
}

#[test]
fn a_server_that_cannot_resume_sends_all_of_it() {
    let dir = Dir::new("download-no-range");
    dir.write("new/file.bin.part", &file()[..200_000]);
    let server = Server::new(|_, _| whole(&file()));
    download(&dir, &server).run(|_| ()).unwrap();
    assert_complete(&dir);
    assert_eq!(server.ranges(), [Some(200_000)]);

    // One that answers with another part than was asked for.
    let dir = Dir::new("download-other-range");
    dir.write("new/file.bin.part", &file()[..200_000]);
    let server = Server::new(|_, head| match range(head) {
        Some(_) => part(&file(), "range: bytes=100000-", usize::MAX),
        None => whole(&file()),
    });
    download(&dir, &server).run(|_| ()).unwrap();
    assert_complete(&dir);
    assert_eq!(server.ranges(), [Some(200_000), None]);
}

#[test]
fn a_part_that_is_none_is_fetched_anew() {
    for left in [vec![7; 1000], vec![7; 300_000], vec![7; 400_000]] {
        let dir = Dir::new("download-wrong-part");
        dir.write("new/file.bin.part", &left);
        let server = Server::new(|_, head| part(&file(), head, usize::MAX));
        download(&dir, &server).run(|_| ()).unwrap();
        assert_complete(&dir);
        assert_eq!(server.ranges(), [Some(left.len()), None], "{} bytes left", left.len());
    }
}

#[test]
fn mirrors_are_tried_in_turn() {
    let dir = Dir::new("download-mirror");
    let missing = Server::new(|_, _| answer("404 Not Found", "", 5, b"where"));
    let garbage = Server::new(|_, _| b"\x00\x01 who is there?\r\n\r\n".to_vec());
    let silent = Server::new(|_, _| Vec::new());
    let good = Server::new(|_, _| whole(&file()));
    download(&dir, &missing)
        .mirror(garbage.url())
        .mirror(silent.url())
        .mirror(good.url())
        .mirror(missing.url())
        .run(|_| ())
        .unwrap();
    assert_complete(&dir);
    let asked = [missing, garbage, silent, good].map(|server| server.ranges().len());
    assert_eq!(asked, [1, 1, 1, 1]);
}

#[test]
fn every_failure_is_told_with_its_address() {
    let dir = Dir::new("download-failures");
    let missing = Server::new(|_, _| answer("404 Not Found", "", 0, b""));
    let garbage = Server::new(|_, _| b"SSH-2.0-OpenSSH_9.9\r\n".to_vec());
    // A port that nobody listens at.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let closed = format!("http://{closed}/file.bin");
    let unknown = "http://no-such-host.invalid/file.bin";
    let wrong = "no address";
    let text = message(
        download(&dir, &missing)
            .mirror(garbage.url())
            .mirror(&closed)
            .mirror(unknown)
            .mirror(wrong)
            .run(|_| ()),
    );
    let start = format!("{}: could not be downloaded; ", target(&dir).display());
    assert!(text.starts_with(&start), "{text}");
    assert!(text.ends_with("a file that was fetched in another way can be put there by hand"));
    for url in [&missing.url(), &garbage.url(), &closed, unknown, wrong] {
        assert!(text.contains(&format!("; {url}: ")), "{url} in {text}");
    }
    assert!(text.contains("404 Not Found") && text.contains("refused"), "{text}");
    assert!(!target(&dir).exists());
}

#[test]
fn another_checksum_is_told_with_both_and_the_file_removed() {
    let dir = Dir::new("download-checksum");
    let server = Server::new(|_, _| whole(b"another file"));
    let text = message(download(&dir, &server).run(|_| ()));
    let found = "100ef6a71bac925f709fe9c114c60460bf6e472cfdb9d44bd8adf1698135260f";
    let expected = format!("the file has the SHA-256 checksum {found}, not {SHA256}");
    assert!(text.contains(&expected), "{text}");
    assert_eq!(fs::read_dir(dir.0.join("new")).unwrap().count(), 0);

    let good = Server::new(|_, head| part(&file(), head, usize::MAX));
    download(&dir, &server).mirror(good.url()).run(|_| ()).unwrap();
    assert_complete(&dir);
}

#[test]
fn more_bytes_than_expected_are_not_taken() {
    let dir = Dir::new("download-large");
    let server = Server::new(|_, _| whole(&file()));
    let text = message(download(&dir, &server).max_bytes(299_999).run(|_| ()));
    assert!(
        text.contains("the server offers 300000 bytes, more than the 299999 expected at most"),
        "{text}"
    );
    // Without a length in advance.
    let endless = Server::new(|_, _| {
        let head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
        [head, vec![1; 1_000_000]].concat()
    });
    let mut most = 0;
    let progress = |p: Progress| most = p.bytes.max(most);
    let text = message(download(&dir, &endless).max_bytes(300_000).run(progress));
    assert!(text.contains("the server offers more bytes"), "{text}");
    assert!(most <= 300_000, "{most} bytes were written");
    assert_eq!(fs::read_dir(dir.0.join("new")).unwrap().count(), 0);
}

#[test]
fn a_server_that_always_cuts_at_the_same_place_is_given_up() {
    let dir = Dir::new("download-stuck");
    let server = Server::new(|_, _| {
        let file = file();
        answer("200 OK", "", file.len(), &file[..50_000])
    });
    let text = message(download(&dir, &server).run(|_| ()));
    assert!(text.contains(&server.url()), "{text}");
    assert_eq!(server.ranges(), [None, Some(50_000)]);
    // What came is kept for a later run, at another server, say.
    let good = Server::new(|_, head| part(&file(), head, usize::MAX));
    download(&dir, &good).run(|_| ()).unwrap();
    assert_complete(&dir);
    assert_eq!(good.ranges(), [Some(50_000)]);
}

#[test]
fn a_server_that_says_nothing_is_left_in_time() {
    let dir = Dir::new("download-slow");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/file.bin", listener.local_addr().unwrap());
    let (start, timeout) = (Instant::now(), Duration::from_millis(300));
    let download = Download::new(url, target(&dir), checksum()).timeout(timeout);
    let text = message(download.run(|_| ()));
    assert!(text.contains("timeout"), "{text}");
    assert!(start.elapsed() < Duration::from_secs(20));
    drop(listener);

    // Or that stops in the middle, with the connection open.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/file.bin", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let _ = connection.read(&mut [0; 4096]);
            let file = file();
            let _ = connection.write_all(&answer("200 OK", "", file.len(), &file[..1000]));
            kept.push(connection);
        }
    });
    let start = Instant::now();
    let text = message(Download::new(url, target(&dir), checksum()).timeout(timeout).run(|_| ()));
    assert!(text.contains("timeout"), "{text}");
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn redirects_are_followed() {
    let dir = Dir::new("download-redirect");
    let good = Server::new(|_, _| whole(&file()));
    let location = format!("Location: {}\r\n", good.url());
    let redirect = Server::new(move |_, _| answer("302 Found", &location, 0, b""));
    download(&dir, &redirect).run(|_| ()).unwrap();
    assert_complete(&dir);
}

#[test]
fn a_place_that_cannot_be_written_is_an_error_of_its_own() {
    let dir = Dir::new("download-place");
    dir.write("new", b"a file where a directory should be");
    let server = Server::new(|_, _| whole(&file()));
    let error = download(&dir, &server).run(|_| ()).unwrap_err();
    assert!(matches!(error, Error::Io { .. }), "{error}");
    assert!(error.to_string().contains("new"), "{error}");
}

#[test]
fn unpacked_archives_are_not_fetched_again() {
    let dir = Dir::new("download-unpacked");
    for i in 1..=5 {
        dir.write(&format!("cifar-10-batches-bin/data_batch_{i}.bin"), b"");
    }
    for name in ["test_batch.bin", "batches.meta.txt"] {
        dir.write(&format!("cifar-10-batches-bin/{name}"), b"");
    }
    for name in ["train.bin", "test.bin", "fine_label_names.txt", "coarse_label_names.txt"] {
        dir.write(&format!("cifar-100-binary/{name}"), b"");
    }
    Cifar10::download(&dir.0, |_| panic!("nothing is left to do")).unwrap();
    Cifar100::download(&dir.0, |_| panic!("nothing is left to do")).unwrap();
}
