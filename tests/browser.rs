//! The browser station against a real Chromium.

#[path = "browser/faults.rs"]
mod faults;
#[path = "browser/inventory.rs"]
mod inventory;
#[path = "browser/life.rs"]
mod life;
#[path = "browser/measures.rs"]
mod measures;
#[path = "browser/steps.rs"]
mod steps;
#[path = "browser/support.rs"]
mod support;
#[path = "browser/traced.rs"]
mod traced;
#[path = "browser/traces.rs"]
mod traces;
