//! How fast traces are read, and how much memory it takes beyond what is kept.
//!
//! ```sh
//! cargo run --release --example trace_speed                       # a trace of 30 MB, made for this
//! cargo run --release --example trace_speed -- TRACE.json FRAME   # a real one; FRAME: its main frame's id
//! ```

use std::fs::{self, File};
use std::io::{BufWriter, Read, Write};
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use tagperf::browser::read_trace;
use tagperf::model::{Trace, TraceEvent};

const PIECE: usize = 1 << 20;
const MADE_BYTES: u64 = 30_000_000;
const ROUNDS: usize = 5;

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let made = tempfile::NamedTempFile::new()?;
    let (path, frame) = match (arguments.next(), arguments.next()) {
        (Some(path), Some(frame)) => (PathBuf::from(path), frame),
        _ => {
            make(made.path().to_owned())?;
            (made.path().to_owned(), "MAIN".to_owned())
        }
    };
    let bytes = fs::metadata(&path)?.len() as f64;
    let (resident, peak) = (memory("VmRSS")?, memory("VmHWM")?);
    let began = Instant::now();
    let trace = read_trace(Pieces(File::open(&path)?), &frame);
    let first_s = began.elapsed().as_secs_f64();
    let grown = memory("VmHWM")?.max(peak) - resident;
    let kept = kept(&trace);
    println!(
        "{:.1} MB, {} events kept{}",
        bytes / 1e6,
        trace.events.len(),
        if trace.incomplete { ", incomplete" } else { "" }
    );
    println!(
        "memory: {:.1} MB kept, {:.1} MB at the most: {:.2} times",
        kept / 1e6,
        grown / 1e6,
        grown / kept
    );
    drop(trace);
    let mut best_s = first_s;
    for _ in 0..ROUNDS {
        let began = Instant::now();
        drop(read_trace(Pieces(File::open(&path)?), &frame));
        best_s = best_s.min(began.elapsed().as_secs_f64());
    }
    println!(
        "speed: {:.0} MB/s at first, {:.0} MB/s at best of {}",
        bytes / 1e6 / first_s,
        bytes / 1e6 / best_s,
        ROUNDS + 1
    );
    Ok(())
}

/// A file in the pieces in which a browser sends it.
struct Pieces(File);

impl Iterator for Pieces {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut piece = Vec::with_capacity(PIECE);
        let read = (&self.0).take(PIECE as u64).read_to_end(&mut piece);
        (read.ok()? > 0).then_some(piece)
    }
}

/// Bytes of a figure in `/proc/self/status`.
fn memory(figure: &str) -> Result<f64> {
    let status = fs::read_to_string("/proc/self/status").context("this needs Linux")?;
    let line = status.lines().find(|line| line.starts_with(figure));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1));
    let kilobytes: f64 = kilobytes.context("no such figure")?.parse()?;
    Ok(kilobytes * 1024.0)
}

/// Bytes of the kept events alone: the rest of a trace is small.
fn kept(trace: &Trace) -> f64 {
    let texts = |event: &TraceEvent| {
        let code = event.code.as_ref();
        event.name.capacity()
            + event.kind.as_ref().map_or(0, String::capacity)
            + code.map_or(0, |code| code.url.capacity() + code.function.capacity())
    };
    let texts: usize = trace.events.iter().map(texts).sum();
    (trace.events.capacity() * size_of::<TraceEvent>() + texts) as f64
}

/// Writes a trace with the mixture of events of a page that animates, scrolls and sets timers.
fn make(path: PathBuf) -> Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    write!(
        file,
        r#"{{"traceEvents":[
{{"args":{{"name":"CrRendererMain"}},"cat":"__metadata","name":"thread_name","ph":"M","pid":7,"tid":7,"ts":0}},
{{"args":{{"name":"Compositor"}},"cat":"__metadata","name":"thread_name","ph":"M","pid":7,"tid":9,"ts":0}},
{{"args":{{"frame":"MAIN"}},"cat":"blink.user_timing","name":"navigationStart","ph":"R","pid":7,"s":"t","tid":7,"ts":1}}"#
    )?;
    let stack = r#"[{"columnNumber":73,"functionName":"loop","lineNumber":25,"scriptId":"4","url":"https://cdn.vendor.example/tag/v3/bundle.min.js"},{"columnNumber":1,"functionName":"","lineNumber":30,"scriptId":"4","url":"https://cdn.vendor.example/tag/v3/bundle.min.js"}]"#;
    let frame = "DC652C9AE05DE82F9817561E0D015B0F";
    let mut written: u64 = 0;
    let mut ts: u64 = 36_758_245_085;
    let mut number = 0;
    while written < MADE_BYTES {
        number += 1;
        ts += 4000;
        let mut round = String::new();
        for (at, tid) in [7, 9, 7, 9, 7, 9, 7, 9].iter().enumerate() {
            let ts = ts + 400 * at as u64;
            round += &format!(
                r#",
{{"args":{{}},"cat":"disabled-by-default-devtools.timeline","dur":350,"name":"RunTask","ph":"X","pid":7,"tdur":310,"tid":{tid},"ts":{ts},"tts":{ts}}}"#
            );
        }
        for (name, ph, data) in [
            ("FunctionCall", "X", r#""columnNumber":36,"functionName":"loop","isolate":"7339670946782673833","lineNumber":25,"scriptId":"4","url":"https://cdn.vendor.example/tag/v3/bundle.min.js""#.to_owned()),
            ("TimerInstall", "I", format!(r#""singleShot":true,"stackTrace":{stack},"timeout":50,"timerId":{number}"#)),
            ("TimerFire", "X", format!(r#""timerId":{number}"#)),
            ("UpdateCounters", "I", r#""documents":3,"jsEventListeners":8,"jsHeapSizeUsed":1658920,"nodes":120"#.to_owned()),
            ("EventDispatch", "X", r#""type":"scroll""#.to_owned()),
            ("Paint", "X", r##""clip":[0,0,785,0,785,4210,0,4210],"layerId":0,"nodeId":2,"nodeName":"#document""##.to_owned()),
            ("SetLayerTreeId", "I", r#""layerTreeId":2"#.to_owned()),
            ("AnimationFrame", "b", r#""id":"x","num_style_invalidations":3"#.to_owned()),
        ] {
            let ts = ts + 10;
            round += &format!(
                r#",
{{"args":{{"data":{{"frame":"{frame}","sampleTraceId":8362015158917710,{data}}}}},"cat":"devtools.timeline","dur":250,"name":"{name}","ph":"{ph}","pid":7,"tdur":240,"tid":7,"ts":{ts},"tts":{ts}}}"#
            );
        }
        written += round.len() as u64;
        file.write_all(round.as_bytes())?;
    }
    file.write_all(b"],\"metadata\":{}}")?;
    Ok(file.flush()?)
}
