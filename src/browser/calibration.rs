//! How fast this machine is, and whether it was slowed down as asked.

use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::emulation::SetCpuThrottlingRateParams;

use super::counters::{self, Side, Snapshot};
use super::cpu::CpuClock;
use super::probe;
use super::tab::Tab;
use super::transport::CallError;
use super::{Browser, Calibration, Fault, Viewport};

/// A fixed amount of work that the compiler can neither drop nor shorten; tells its wall time.
const LOOP: &str = "(() => {
  const start = performance.now();
  let sum = 0;
  for (let i = 0; i < 1e7; i++) sum = Math.imul(sum ^ i, 16777619);
  return sum === 0.5 ? -1 : performance.now() - start;
})()";

/// Enough that one of them is undisturbed.
const ROUNDS: usize = 3;

/// A slowdown comes in pieces that miss some rounds and hit others twice: it takes the middle of more.
const SLOWED_ROUNDS: usize = 5;

/// Even slowed down, the loop takes a second or two.
const DEADLINE: Duration = Duration::from_secs(30);

impl Browser {
    /// Times a fixed loop in a blank page, at full speed and at `slowdown`.
    ///
    /// # Errors
    /// When the browser does not answer in time, or is gone.
    pub async fn calibrate(&self, slowdown: f64) -> Result<Calibration, Fault> {
        Ok(calibrate(self, slowdown).await?)
    }
}

async fn calibrate(browser: &Browser, slowdown: f64) -> Result<Calibration, CallError> {
    let (tab, _events) = Tab::open(
        &browser.connection,
        browser.info().window(&Viewport::DESKTOP),
        DEADLINE,
    )
    .await?;
    tab.session
        .call(counters::in_thread_time(), DEADLINE)
        .await?;
    // The first round compiles the loop.
    measure(&tab).await?;
    let (cpu_ms, full) = best(&tab).await?;
    let mut calibration = Calibration {
        cpu_ms,
        slowdown: 1.0,
        slowdown_counted: 1.0,
    };
    if slowdown != 1.0 {
        let slower = SetCpuThrottlingRateParams::new(slowdown);
        tab.session.call(slower, DEADLINE).await?;
        let (cpu, wall) = middle(&tab).await?;
        calibration.slowdown = wall / full;
        calibration.slowdown_counted = cpu / cpu_ms;
    }
    tab.close(DEADLINE).await?;
    Ok(calibration)
}

/// The least CPU and the least wall time of a few rounds: what disturbs can only add.
async fn best(tab: &Tab) -> Result<(f64, f64), CallError> {
    let (mut cpu, mut wall) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        let round = measure(tab).await?;
        cpu = cpu.min(round.0);
        wall = wall.min(round.1);
    }
    Ok((cpu, wall))
}

/// The median CPU and the median wall time of some rounds.
async fn middle(tab: &Tab) -> Result<(f64, f64), CallError> {
    let (mut cpu, mut wall) = ([0.0; SLOWED_ROUNDS], [0.0; SLOWED_ROUNDS]);
    for at in 0..SLOWED_ROUNDS {
        (cpu[at], wall[at]) = measure(tab).await?;
    }
    cpu.sort_by(f64::total_cmp);
    wall.sort_by(f64::total_cmp);
    Ok((cpu[SLOWED_ROUNDS / 2], wall[SLOWED_ROUNDS / 2]))
}

async fn measure(tab: &Tab) -> Result<(f64, f64), CallError> {
    // The system's clock for all processes is not wanted here.
    let mut cpu = CpuClock::default();
    let before = Snapshot::take(&tab.session, &mut cpu, None, Side::Begin, DEADLINE).await?;
    let round = probe::evaluate(tab, LOOP, DEADLINE).await?;
    let after = Snapshot::take(&tab.session, &mut cpu, None, Side::End, DEADLINE).await?;
    let wall = round.value().ok().and_then(|value| value.as_f64());
    let wall = wall.ok_or_else(|| CallError::Refused {
        method: "timing the calibration loop".into(),
        why: "it gave no time".into(),
    })?;
    Ok((before.until(&after).task_ms, wall))
}
