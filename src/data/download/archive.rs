//! The expected files of a `.tar.gz`, and nothing else.
use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;
use tar::{Archive, EntryType};

use crate::data::Error;

/// A file in an archive.
#[derive(Clone, Copy)]
pub(super) struct Member {
    pub(super) name: &'static str,
    /// The most bytes that it may have.
    pub(super) max_bytes: u64,
}

/// Whether all `members` lie in `dir/folder`.
pub(super) fn is_unpacked(dir: &Path, folder: &str, members: &[Member]) -> bool {
    members.iter().all(|member| dir.join(folder).join(member.name).is_file())
}

/// Unpacks `members`, which lie in `folder` of the archive, to `dir/folder`. Whatever else the archive
/// holds, or calls by a path that leads elsewhere, is passed over.
pub(super) fn unpack(
    archive: &Path,
    dir: &Path,
    folder: &str,
    members: &[Member],
) -> Result<(), Error> {
    let io_error = |path: &Path| {
        let path = path.to_owned();
        |source| Error::Io { path, source }
    };
    let bad = |reason: String| Error::Unreadable { path: archive.to_owned(), reason };
    let damaged = |error: io::Error| bad(format!("damaged archive: {error}"));
    let to = dir.join(folder);
    fs::create_dir_all(&to).map_err(io_error(&to))?;
    let file = BufReader::new(File::open(archive).map_err(io_error(archive))?);
    // Room for what is expected, and as much again for headers and what is passed over.
    let most = members.iter().map(|member| 2 * member.max_bytes + 4096).sum();
    let mut unpacked = Archive::new(MultiGzDecoder::new(file).take(most));
    let mut missing: Vec<&Member> = members.iter().collect();
    for entry in unpacked.entries().map_err(damaged)? {
        let entry = entry.map_err(damaged)?;
        let path = entry.path().map_err(damaged)?.into_owned();
        let place = missing.iter().position(|member| path == Path::new(folder).join(member.name));
        let Some(place) = place.filter(|_| entry.header().entry_type() == EntryType::Regular)
        else {
            continue;
        };
        let Member { name, max_bytes } = *missing.swap_remove(place);
        if entry.size() > max_bytes {
            let size = entry.size();
            return Err(bad(format!(
                "{name} has {size} bytes, more than the {max_bytes} expected"
            )));
        }
        let (size, part) = (entry.size(), to.join(format!("{name}.part")));
        write(entry, size, &part, &to.join(name)).map_err(|(path, error)| match path {
            Some(path) => Error::Io { path, source: error },
            None => damaged(error),
        })?;
    }
    match missing.first() {
        Some(member) => Err(bad(format!("{folder}/{} is not in the archive", member.name))),
        None => Ok(()),
    }
}

/// Writes a member under a name of its own until it is complete. An error has the path when it is
/// about the file written.
fn write(
    mut from: impl Read,
    size: u64,
    part: &Path,
    path: &Path,
) -> Result<(), (Option<PathBuf>, io::Error)> {
    let here = |error| (Some(part.to_owned()), error);
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).map_err(|error| (None, error))?;
    if bytes.len() as u64 != size {
        return Err((None, io::ErrorKind::UnexpectedEof.into()));
    }
    fs::write(part, bytes).map_err(here)?;
    fs::rename(part, path).map_err(here)
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::{Compression, write::GzEncoder};
    use tar::{Builder, Header};

    const MEMBERS: [Member; 2] =
        [Member { name: "a.bin", max_bytes: 10 }, Member { name: "b.txt", max_bytes: 5 }];

    /// A directory of its own for a test, removed at the end.
    struct Dir(PathBuf);

    impl Dir {
        fn new(test: &str) -> Self {
            let name = format!("shapewright-archive-{test}-{}", std::process::id());
            let dir = std::env::temp_dir().join(name);
            fs::create_dir_all(dir.join("in")).unwrap();
            Self(dir)
        }

        /// Unpacks an archive to the folder `in`.
        fn unpack(&self, archive: &[u8]) -> Result<(), Error> {
            let path = self.0.join("in/archive.tar.gz");
            fs::write(&path, archive).unwrap();
            unpack(&path, &self.0.join("in"), "set", &MEMBERS)
        }

        /// What is in the folder with the members, by name.
        fn found(&self) -> Vec<String> {
            let entries = fs::read_dir(self.0.join("in/set")).unwrap();
            let name =
                |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
            let mut names: Vec<String> = entries.map(name).collect();
            names.sort();
            names
        }
    }

    impl Drop for Dir {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    /// An archive of entries whose paths are written as they are, even where they lead elsewhere.
    fn archive(entries: &[(&str, EntryType, &[u8])]) -> Vec<u8> {
        let mut builder = Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        for (path, kind, bytes) in entries {
            let mut header = Header::new_old();
            header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
            header.set_entry_type(*kind);
            header.set_size(bytes.len() as u64);
            if *kind == EntryType::Symlink {
                header.set_link_name("/etc/passwd").unwrap();
            }
            header.set_cksum();
            builder.append(&header, *bytes).unwrap();
        }
        builder.into_inner().unwrap().finish().unwrap()
    }

    const FILE: EntryType = EntryType::Regular;

    #[test]
    fn the_members_are_unpacked_and_nothing_else() {
        let dir = Dir::new("good");
        assert!(!is_unpacked(&dir.0.join("in"), "set", &MEMBERS));
        dir.unpack(&archive(&[
            ("set/", EntryType::Directory, b""),
            ("set/b.txt", FILE, b"b"),
            ("set/other.txt", FILE, b"?"),
            ("../evil.txt", FILE, b"!"),
            ("set/../../evil.txt", FILE, b"!"),
            ("elsewhere/a.bin", FILE, b"?"),
            ("set/a.bin", FILE, b"0123456789"),
        ]))
        .unwrap();
        assert_eq!(dir.found(), ["a.bin", "b.txt"]);
        assert_eq!(fs::read(dir.0.join("in/set/a.bin")).unwrap(), b"0123456789");
        assert_eq!(fs::read_dir(&dir.0).unwrap().count(), 1, "nothing beside the folder");
        assert!(is_unpacked(&dir.0.join("in"), "set", &MEMBERS));
    }

    #[test]
    fn archives_that_are_not_as_expected_are_refused() {
        let dir = Dir::new("bad");
        let (a, b) = (("set/a.bin", FILE, &b"a"[..]), ("set/b.txt", FILE, &b"b"[..]));
        let link = ("set/b.txt", EntryType::Symlink, &b""[..]);
        let large = ("set/b.txt", FILE, &b"123456"[..]);
        let good = archive(&[a, b]);
        for (archive, expected) in [
            (archive(&[a]), "set/b.txt is not in the archive"),
            (archive(&[a, link]), "set/b.txt is not in the archive"),
            (archive(&[a, large]), "b.txt has 6 bytes, more than the 5 expected"),
            (good[..good.len() / 2].to_vec(), "damaged archive: "),
            (b"no gzip".to_vec(), "damaged archive: "),
            // Of what is passed over, only so much is unpacked.
            (archive(&[("big", FILE, &vec![0; 1 << 24]), a, b]), "damaged archive: "),
        ] {
            let message = dir.unpack(&archive).unwrap_err().to_string();
            assert!(message.contains("archive.tar.gz: "), "{message}");
            assert!(message.contains(expected), "{message} is not about {expected}");
        }
    }
}
