//! The real bench: the browser on the stage.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use url::Url;

use crate::browser::{Browser, OpenOptions, Page, Program};
use crate::lab::Bench;
use crate::model::{
    Calibration, Device, Environment, Fault, Purpose, Slot, StepError, TagFired, Visit,
};
use crate::scenario::Scenario;
use crate::stage::{Stage, StageConfig};
use crate::tags;

use super::{machine, run, source_maps};

/// Beyond what the steps are expected to take: a page that a tag makes ten times slower is still a result.
const PATIENCE: Duration = Duration::from_secs(90);

/// After the scenario's last step of a traced trial nobody touches the page for so long, and then its window is
/// minimised for so long.
const QUIET: Duration = Duration::from_millis(2500);
const HIDDEN: Duration = Duration::from_secs(1);

/// For a single thing that a step asks of the page.
const STEP: Duration = Duration::from_secs(30);

pub(super) struct RealBench {
    scenario: Scenario,
    page: Url,
    program: Program,
    stage: Stage,
    /// `None` after it died and could not be started again.
    browser: Option<Browser>,
    environment: Environment,
    screenshots: Option<PathBuf>,
    /// The run's folder, where whole traces are kept.
    traces: Option<PathBuf>,
}

impl RealBench {
    pub async fn start(scenario: &Scenario, program: Program) -> Result<Self> {
        let page = Url::parse(&scenario.url).context("read the page's URL")?;
        let config = StageConfig {
            page: page.clone(),
            origins: scenario.origins.clone(),
            network: scenario.device.network,
        };
        let stage = Stage::start(config).await.context("start the stage")?;
        let browser = Browser::launch(&program, &stage.browser_flags()).await?;
        let environment = environment(&scenario.device, &browser).await?;
        Ok(Self {
            scenario: scenario.clone(),
            page,
            program,
            stage,
            browser: Some(browser),
            environment,
            screenshots: None,
            traces: None,
        })
    }

    pub fn environment(&self) -> Environment {
        self.environment.clone()
    }

    pub fn screenshots_to(&mut self, dir: &Path) {
        self.screenshots = Some(dir.to_owned());
    }

    pub fn keep_traces_in(&mut self, dir: &Path) {
        self.traces = Some(dir.to_owned());
    }

    /// Ends the browser and the servers; nothing is left behind.
    pub async fn close(mut self) {
        if let Some(browser) = self.browser.take() {
            browser.close().await;
        }
        self.stage.stop().await;
    }

    /// The browser, started again if it died.
    async fn revive(&mut self) -> Result<(), Fault> {
        if self.browser.as_ref().is_some_and(Browser::alive) {
            return Ok(());
        }
        if let Some(dead) = self.browser.take() {
            dead.close().await;
        }
        match Browser::launch(&self.program, &self.stage.browser_flags()).await {
            Ok(browser) => {
                self.browser = Some(browser);
                Ok(())
            }
            Err(error) => Err(Fault::BrowserDied {
                why: format!("{error:#}"),
            }),
        }
    }

    async fn steps(&mut self, page: &mut Page, slot: &Slot) -> Result<(), Fault> {
        for (index, placed) in self.scenario.steps.iter().enumerate() {
            page.begin_step(&placed.step.text(), placed.step.kind())
                .await?;
            match placed.step.act(page).await {
                Ok(()) => page.end_step().await?,
                Err(StepError::Fault(fault)) => return Err(fault),
                Err(StepError::Unmet(why)) => {
                    return Err(Fault::StepFailed {
                        step: index,
                        text: placed.step.text(),
                        line: placed.line,
                        why,
                        screenshot: self.screenshot(page, slot, index).await,
                    });
                }
            }
        }
        if slot.purpose == Purpose::Explain {
            page.quiet_step(QUIET).await?;
            page.hidden_step(HIDDEN).await?;
        }
        Ok(())
    }

    /// A picture of the page on which a step failed. It is a help, so its own failure is no fault.
    async fn screenshot(&self, page: &mut Page, slot: &Slot, step: usize) -> Option<String> {
        let dir = self.screenshots.as_ref()?;
        let png = page.screenshot().await.ok()?;
        let name = format!(
            "screenshots/block{:03}-{}-step{}.png",
            slot.block,
            slot.position,
            step + 1
        );
        std::fs::create_dir_all(dir.join("screenshots")).ok()?;
        std::fs::write(dir.join(&name), png).ok()?;
        Some(name)
    }
}

impl Bench for RealBench {
    async fn visit(&mut self, slot: &Slot) -> Result<Visit, Fault> {
        self.revive().await?;
        let staging = tags::staging(&self.scenario.tags, &slot.arm);
        let traced = slot.purpose == Purpose::Explain;
        let begun = if traced {
            self.stage.begin_recorded(&staging)
        } else {
            self.stage.begin(&staging)
        };
        begun.map_err(|error| Fault::NotStaged {
            why: error.to_string(),
        })?;
        let began = Instant::now();
        let folder = self.traces.as_ref().filter(|_| traced);
        let options = OpenOptions {
            device: self.scenario.device.clone(),
            base_url: self.page.clone(),
            traced,
            keep_trace: folder.map(|dir| dir.join(trace_file(slot))),
            deadline: STEP,
        };
        let Some(browser) = &self.browser else {
            return Err(Fault::BrowserDied {
                why: "it is not running".into(),
            });
        };
        let mut page = browser.open(&options).await?;
        self.steps(&mut page, slot).await?;
        let mut requests = Vec::new();
        let mut evidence = page.finish_after(|| requests = self.stage.end()).await?;
        if let Some(trace) = &mut evidence.trace {
            trace.file = options.keep_trace.map(|_| trace_file(slot));
            source_maps::attach(trace, &self.stage);
        }
        let problems = self.stage.problems();
        if !problems.is_empty() {
            return Err(Fault::NotStaged {
                why: problems.join("; "),
            });
        }
        Ok(Visit {
            inventory: evidence.inventory,
            format: Visit::FORMAT,
            pages: evidence.pages,
            steps: evidence.steps,
            counters: evidence.counters,
            holdings: evidence.holdings,
            requests,
            wall_ms: began.elapsed().as_secs_f64() * 1e3,
            steps_ms: evidence.steps_ms,
            trace: evidence.trace,
        })
    }

    async fn calibrate(&mut self) -> Option<Calibration> {
        let browser = self.browser.as_ref()?;
        let slowdown = self.scenario.device.cpu_slowdown;
        browser.calibrate(slowdown).await.ok()
    }

    fn firing(&self, slot: &Slot, visit: &Visit) -> Vec<TagFired> {
        self.scenario
            .tags
            .iter()
            .map(|tag| {
                let problem = if slot.arm.has(&tag.id) {
                    tag.fired(visit)
                } else {
                    tag.strays(visit)
                };
                TagFired {
                    tag: tag.id.clone(),
                    problem: problem.err(),
                }
            })
            .collect()
    }

    fn patience(&self) -> Duration {
        (run::expected_visit(&self.scenario) + QUIET + HIDDEN) * 3 + PATIENCE
    }
}

/// Where a slot's whole trace is kept, within the run's folder.
fn trace_file(slot: &Slot) -> String {
    let arm = slot.arm.to_string();
    let safe = arm.chars().take(60).map(|c| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' | '+' => c,
        _ => '_',
    });
    let arm: String = safe.collect();
    let (block, position) = (slot.block, slot.position);
    format!("traces/block{block:03}-{position}-{arm}.json.gz")
}

pub(super) async fn environment(device: &Device, browser: &Browser) -> Result<Environment> {
    let info = browser.info();
    let (achieved, counted) = if device.cpu_slowdown == 1.0 {
        (1.0, 1.0)
    } else {
        let calibration = browser
            .calibrate(device.cpu_slowdown)
            .await
            .context("verify the CPU slowdown")?;
        (calibration.slowdown, calibration.slowdown_counted)
    };
    Ok(Environment {
        browser: info.version.clone(),
        browser_program: info.program.clone(),
        sandbox: info.sandbox,
        user_agent: info.user_agent(&device.viewport),
        tagperf: env!("CARGO_PKG_VERSION").into(),
        os: machine::os(),
        cpu_model: machine::cpu_model(),
        cpu_count: machine::cpu_count(),
        cpu_slowdown_asked: device.cpu_slowdown,
        cpu_slowdown_achieved: achieved,
        cpu_slowdown_counted: counted,
        calibration_ms: vec![],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Arm;

    #[test]
    fn a_trace_file_has_a_name_that_every_system_takes() {
        let slot = Slot {
            block: 1,
            position: 2,
            arm: Arm(vec!["../heat map".into(), "x".repeat(300)]),
            purpose: Purpose::Explain,
        };
        let file = trace_file(&slot);
        assert!(
            file.starts_with("traces/block001-2-___heat_map+xx"),
            "{file}"
        );
        assert!(file.len() < 100 && file.matches('/').count() == 1);
    }
}
