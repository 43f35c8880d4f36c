//! Data in files, good ones and damaged ones, and from a network.

#[cfg(feature = "download")]
mod download;
mod files;
#[cfg(feature = "images")]
mod images;
mod known_sets;
