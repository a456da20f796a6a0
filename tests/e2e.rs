//! The program as its users run it, with a real Chromium: exit codes, words, files, and nothing left behind.
//!
//! Verdicts, names, counts and ratios are asserted, never times.

mod e2e {
    pub mod doctor;
    pub mod input;
    pub mod inspect;
    pub mod support;
    pub mod trouble;
    pub mod verdicts;
}
