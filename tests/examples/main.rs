//! The examples, run as a user does.

mod device_choice;
mod fully_conv;
mod lenet;
#[path = "../common/program.rs"]
mod program;
mod resnet18;
mod tutorials;
