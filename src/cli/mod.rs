//! Arguments in, words and an exit code out. The only station that prints.

mod baseline;
mod check;
mod doctor;
mod explain;
mod inspect;
mod progress;
mod report;
mod run;
mod schema;
mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::ScenarioError;

/// Bad input, or a start that failed.
const EXIT_BAD_INPUT: u8 = 2;

/// What does a marketing tag cost the page, and does it misbehave? Measured before it is published.
#[derive(Parser)]
#[command(name = "tagperf", version, about, max_term_width = 100, after_help = AFTER_HELP)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "Exit codes:
  0  pass: every gated effect is within its margin, and no forbidden finding that the scenario can show was found
  1  fail: an effect beyond its margin, or a forbidden finding
  2  bad input, or the run could not start
  3  inconclusive: the budget ended before a decision
  4  not comparable: the baseline was measured under other conditions
  5  not measured: a metric or a trace is missing, a tag did not run, too many trials failed
`tagperf doctor` ends with 0 for a machine that is fit, 3 for a noisy one, 5 for one that is unfit.

Examples:
  tagperf run scenarios/heatmap.toml
  tagperf inspect scenarios/heatmap.toml
  tagperf doctor scenarios/heatmap.toml
  tagperf check scenarios/heatmap.toml --power
  tagperf baseline accept tagperf-out/heatmap/2026-01-31T10-00-00Z --reason \"agreed with growth team\"
  tagperf explain runaway_scroll";

#[derive(Subcommand)]
enum Command {
    Run(run::Run),
    Inspect(inspect::Inspect),
    Check(check::Check),
    Doctor(doctor::Doctor),
    Report(report::Report),
    #[command(subcommand)]
    Baseline(baseline::Baseline),
    Explain(explain::Explain),
    Schema(schema::Schema),
}

/// Runs the program with the process's arguments.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version are asked for and go to standard output; the rest is a mistake.
            let code = if error.use_stderr() {
                EXIT_BAD_INPUT
            } else {
                0
            };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let result = match arguments.command {
        Command::Run(command) => command.execute(),
        Command::Inspect(command) => command.execute(),
        Command::Check(command) => command.execute(),
        Command::Doctor(command) => command.execute(),
        Command::Report(command) => command.execute(),
        Command::Baseline(command) => command.execute(),
        Command::Explain(command) => command.execute(),
        Command::Schema(command) => command.execute(),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::from(EXIT_BAD_INPUT)
        }
    }
}

/// Tells what is wrong, once. Mistakes in a scenario already say where they are.
fn complain(error: &anyhow::Error) {
    match error.downcast_ref::<ScenarioError>() {
        Some(mistakes) => {
            let colour =
                anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
            anstream::eprintln!("{}", mistakes.render(colour).trim_end());
        }
        None => anstream::eprintln!("{}tagperf:{:#} {error:#}", terminal::ERROR, terminal::ERROR),
    }
}

/// Writes to standard output; a reader that went away is an error that ends the program quietly.
fn say(text: &str) -> anyhow::Result<()> {
    use std::io::Write;
    anstream::stdout().write_all(text.as_bytes())?;
    Ok(())
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}
