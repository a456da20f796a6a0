//! tagperf tells what a marketing tag costs a page, and whether it misbehaves, before it is published.
//!
//! Stations stand in the order in which data travels; each knows the values in [`model`] and not the others.
//! Only [`app`] knows the whole road.

#![forbid(unsafe_code)]
#![deny(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::exit,
    clippy::dbg_macro
)]
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic)
)]

pub mod model;

pub mod stats;

pub mod reader;

pub mod tags;

pub mod scenario;

pub mod plan;

pub mod stage;

pub mod browser;

pub mod lab;

pub mod trace;

pub mod metrics;

pub mod attribute;

pub mod detect;

pub mod compare;

pub mod fitness;

pub mod baseline;

pub mod judge;

pub mod chart;

pub mod report;

pub mod app;

pub mod cli;
