//! The simulations behind the statistics: prints the tables of `docs/statistics.md` and draws its figures.
//!
//! `cargo run --release --example simulate`; about three minutes on one core. Everything is seeded: the
//! figures are the same every time.

mod chart;
mod family;
mod intervals;
mod limits;
mod many_tags;
mod noise;
mod order;
mod procedure;
mod stopping;
mod table;

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let figures = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/statistics");
    std::fs::create_dir_all(&figures)?;

    let (table, alarms) = order::simulate();
    println!("{table}");
    chart::orders(&figures.join("order.svg"), &alarms)?;

    println!("{}", stopping::schemes());
    println!("{}", stopping::verdicts());
    let curves = stopping::curves();
    chart::verdicts(&figures.join("verdicts.svg"), &curves)?;
    chart::effort(&figures.join("effort.svg"), &curves)?;

    println!("{}", family::simulate());

    let (table, growths) = many_tags::simulate();
    println!("{table}");
    chart::growth(&figures.join("many-tags.svg"), &growths)?;

    let (table, coverages) = intervals::coverage();
    println!("{table}");
    chart::coverage(&figures.join("coverage.svg"), &coverages)?;
    println!("{}", intervals::noise_floor());

    println!("{}", limits::skewed_cost());
    println!("{}", limits::counts());
    println!("{}", limits::baseline());
    println!("{}", limits::warnings());
    Ok(())
}
