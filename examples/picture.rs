//! Turns what a terminal shows into a picture: ANSI text on standard input, SVG on standard output.
//!
//! ```sh
//! CLICOLOR_FORCE=1 tagperf report DIR | cargo run --example picture > terminal.svg
//! ```

use std::io::{self, Read, Write};

fn main() -> io::Result<()> {
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let picture = anstyle_svg::Term::new().render_svg(&text);
    io::stdout().write_all(picture.as_bytes())
}
