//! The simulations behind the statistics: prints the tables of `docs/statistics.md` and draws its figures.
//!
//! `cargo run --release --example simulate` does all of them; names after `--` do only those, such as
//! `cargo run --release --example simulate -- confirmation adaptive`. Everything is seeded, each section
//! apart: the figures are the same every time.

mod adaptive;
mod chart;
mod company;
mod confirmation;
mod family;
mod intervals;
mod limits;
mod many_tags;
mod noise;
mod order;
mod procedure;
mod screening;
mod stopping;
mod table;

use std::path::Path;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Prints its tables, and draws its figures into the folder.
type Section = fn(&Path) -> Outcome;

/// In the order of the page.
#[rustfmt::skip]
static ALL: [(&str, Section); 9] = [
    ("order", order),
    ("stopping", stopping),
    ("family", family),
    ("confirmation", confirmation),
    ("many-tags", many_tags),
    ("adaptive", adaptive),
    ("company", company),
    ("intervals", intervals),
    ("limits", limits),
];

fn main() -> Outcome {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let known = |name: &String| ALL.iter().any(|(known, _)| name == known);
    if let Some(unknown) = wanted.iter().find(|name| !known(name)) {
        let names = ALL.map(|(name, _)| name).join(", ");
        return Err(format!("no section is called `{unknown}`; there are {names}").into());
    }
    let figures = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/statistics");
    std::fs::create_dir_all(&figures)?;
    for (name, section) in ALL {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            section(&figures)?;
        }
    }
    Ok(())
}

fn order(figures: &Path) -> Outcome {
    let (table, alarms) = order::simulate();
    println!("{table}");
    chart::orders(&figures.join("order.svg"), &alarms)
}

fn stopping(figures: &Path) -> Outcome {
    println!("{}", stopping::schemes());
    println!("{}", stopping::verdicts());
    let curves = stopping::curves();
    chart::verdicts(&figures.join("verdicts.svg"), &curves)?;
    chart::effort(&figures.join("effort.svg"), &curves)
}

fn family(_: &Path) -> Outcome {
    println!("{}", family::simulate());
    Ok(())
}

fn confirmation(_: &Path) -> Outcome {
    for table in confirmation::simulate() {
        println!("{table}");
    }
    Ok(())
}

fn many_tags(figures: &Path) -> Outcome {
    let (table, growths) = many_tags::simulate();
    println!("{table}");
    let caption = "Loads to find one bad tag of 1 s among N";
    chart::growth(&figures.join("many-tags.svg"), caption, &growths)
}

fn adaptive(figures: &Path) -> Outcome {
    let (table, growths) = adaptive::simulate();
    println!("{table}");
    chart::growth(
        &figures.join("adaptive.svg"),
        "Loads to find and confirm one bad tag among N",
        &growths,
    )?;
    println!("{}", adaptive::ways());
    println!("{}", adaptive::at_the_margin());
    Ok(())
}

fn company(_: &Path) -> Outcome {
    println!("{}", company::verdicts());
    println!("{}", company::together());
    println!("{}", company::needing());
    Ok(())
}

fn intervals(figures: &Path) -> Outcome {
    let (table, coverages) = intervals::coverage();
    println!("{table}");
    chart::coverage(&figures.join("coverage.svg"), &coverages)?;
    println!("{}", intervals::noise_floor());
    Ok(())
}

fn limits(_: &Path) -> Outcome {
    println!("{}", limits::skewed_cost());
    println!("{}", limits::counts());
    println!("{}", limits::baseline());
    println!("{}", limits::warnings());
    Ok(())
}
