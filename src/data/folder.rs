//! Pictures in folders, one folder for each class.
use std::fs;
use std::path::{Path, PathBuf};

use super::{Dataset, Decoder, Error};

/// Pictures in folders, `root/<class>/<picture>`, decoded when they are read. As torchvision's
/// [`ImageFolder`](https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.ImageFolder.html):
/// the classes are sorted by name, and within a class the files.
///
/// Pictures are the files that end in `.png`, `.jpg` or `.jpeg`, in capitals or not, directly in a
/// class's folder. Everything else is passed over: files beside the folders, other files in them,
/// folders further down, and all names that begin with a dot.
///
/// ```no_run
/// use shapewright::data::{Augment, Dataset, Decoder, ImageFolder, Loader, Normalize};
///
/// let flowers = ImageFolder::open("flowers", Decoder::rgb([64, 64]))?;
/// let (train, validation) = flowers.split(500, 0)?;
/// let train = Loader::new(train)
///     .batch_size(32)
///     .shuffle(0)
///     .augment(Augment::new().flip(0.5))
///     .normalize(Normalize::IMAGENET);
/// # Ok::<(), shapewright::data::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct ImageFolder {
    decoder: Decoder,
    classes: Vec<String>,
    /// Each picture and its class.
    files: Vec<(PathBuf, usize)>,
}

impl ImageFolder {
    /// Lists the pictures. Whether they can be decoded is found out when they are read.
    ///
    /// # Errors
    /// [`Error::Io`] when a folder can't be read, [`Error::Unreadable`] when there is no class or a
    /// class without pictures, [`Error::Invalid`] when the decoder's size is none.
    pub fn open(root: impl AsRef<Path>, decoder: Decoder) -> Result<Self, Error> {
        let root = root.as_ref();
        decoder.check()?;
        let (mut classes, mut files) = (Vec::new(), Vec::new());
        for folder in sorted(root)?.into_iter().filter(|path| path.is_dir()) {
            let before = files.len();
            let pictures = sorted(&folder)?.into_iter().filter(|path| is_picture(path));
            files.extend(pictures.map(|path| (path, classes.len())));
            if files.len() == before {
                let reason = "no .png, .jpg or .jpeg file in this class's folder".to_owned();
                return Err(Error::Unreadable { path: folder, reason });
            }
            classes.push(name(&folder));
        }
        if classes.is_empty() {
            let reason = "no folder in it; there should be one for each class".to_owned();
            return Err(Error::Unreadable { path: root.to_owned(), reason });
        }
        Ok(Self { decoder, classes, files })
    }

    /// The file of image `index`.
    pub fn path(&self, index: usize) -> Option<&Path> {
        self.files.get(index).map(|(path, _)| path.as_path())
    }
}

impl Dataset for ImageFolder {
    fn len(&self) -> usize {
        self.files.len()
    }

    fn shape(&self) -> [usize; 3] {
        self.decoder.shape()
    }

    fn classes(&self) -> usize {
        self.classes.len()
    }

    fn read(&self, index: usize, pixels: &mut [u8]) -> Result<usize, Error> {
        let Some((path, class)) = self.files.get(index) else {
            return Err(Error::Index { index, count: self.files.len() });
        };
        let image = self.decoder.read(path)?;
        if image.len() != pixels.len() {
            let (shape, room) = (self.shape(), pixels.len());
            let message = format!("an image of shape {shape:?} cannot be read to {room} bytes");
            return Err(Error::Invalid(message));
        }
        pixels.copy_from_slice(&image);
        Ok(*class)
    }

    fn class_name(&self, class: usize) -> String {
        self.classes.get(class).cloned().unwrap_or_else(|| class.to_string())
    }
}

/// What is in a folder, by name, but for hidden entries.
fn sorted(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let io_error = |source| Error::Io { path: dir.to_owned(), source };
    let entries = fs::read_dir(dir).map_err(io_error)?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.map_err(io_error)?.path();
        if !name(&path).starts_with('.') {
            paths.push(path);
        }
    }
    paths.sort_by(|a, b| a.file_name().cmp(&b.file_name()));
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn is_picture(path: &Path) -> bool {
    let known =
        |ending: &str| ["png", "jpg", "jpeg"].iter().any(|e| ending.eq_ignore_ascii_case(e));
    path.extension().and_then(|ending| ending.to_str()).is_some_and(known) && path.is_file()
}
