//! The training kit: schedules against PyTorch's, the loop, its files, and going on after a kill.
#![cfg(feature = "train")]

mod killed;
mod network;
mod resume;
mod schedules;
mod trainer;
