//! One page visit: set up, stepped through, read out.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use chromiumoxide::cdp::browser_protocol::browser::{
    SetDownloadBehaviorBehavior, SetDownloadBehaviorParams,
};
use chromiumoxide::cdp::browser_protocol::emulation::{
    SetCpuThrottlingRateParams, SetDeviceMetricsOverrideParams, SetTouchEmulationEnabledParams,
};
use chromiumoxide::cdp::browser_protocol::page::{
    CaptureScreenshotFormat, CaptureScreenshotParams, EnableParams as EnablePage,
};
use chromiumoxide::cdp::js_protocol::heap_profiler::CollectGarbageParams;
use url::Url;

use super::counters::{self, Side, Snapshot};
use super::cpu::CpuClock;
use super::inventory::Collector;
use super::probe::Probe;
use super::tab::Tab;
use super::traced::{Notes, Recorders};
use super::transport::CallError;
use super::watch::Watch;
use super::{
    Browser, BrowserInfo, Counters, Device, Fault, Holdings, Inventory, PageRecord, StepRecord,
    Trace, user_agent,
};

/// How a page is opened.
#[derive(Clone, Debug)]
pub struct OpenOptions {
    pub device: Device,
    /// The page under test; what a step loads is relative to it.
    pub base_url: Url,
    /// Record a Chromium trace. It costs time of its own, so such a trial explains and never gates.
    pub traced: bool,
    /// File for the whole trace, compressed with gzip; its folder is made. `None` keeps only [`Trace`].
    pub keep_trace: Option<PathBuf>,
    /// The longest wait for the answer to any one question.
    pub deadline: Duration,
}

/// What a visit leaves behind.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PageEvidence {
    /// One per document of the main frame, in order of navigation.
    pub pages: Vec<PageRecord>,
    pub steps: Vec<StepRecord>,
    /// All steps of the scenario together: what the harness does to the page between them, and its own steps
    /// after the last, do not count.
    pub counters: Counters,
    pub holdings: Holdings,
    /// What the scenario's steps took, milliseconds of wall time.
    pub steps_ms: f64,
    pub trace: Option<Trace>,
    /// Only of a traced visit.
    pub inventory: Option<Inventory>,
}

/// An open page. Dropping it closes it without waiting for the end.
pub struct Page {
    pub(super) tab: Tab,
    pub(super) watch: Watch,
    probe: Probe,
    pub(super) base_url: Url,
    pub(super) device: Device,
    pub(super) deadline: Duration,
    cpu: CpuClock,
    renderer: Option<i32>,
    pub(super) inventory: Option<Collector>,
    recorders: Option<Recorders>,
    first_step: Option<Instant>,
    running: Option<Running>,
    steps: Vec<StepRecord>,
}

/// The step that is being carried out.
struct Running {
    text: String,
    kind: String,
    began: Instant,
    from: Snapshot,
}

impl Page {
    pub(super) async fn open(browser: &Browser, options: &OpenOptions) -> Result<Self, Fault> {
        let deadline = options.deadline;
        let cpu = CpuClock::new(browser.process.group().as_raw_nonzero().get());
        let earlier = cpu.renderers();
        let (tab, events) = Tab::open(
            &browser.connection,
            browser.info().window(&options.device.viewport),
            deadline,
        )
        .await?;
        let probe = Probe::new(&tab);
        let inventory = options.traced.then(|| Collector::new(&tab));
        let notes = options.traced.then(Notes::default);
        let watch = Watch::start(&tab, events, &probe, inventory.as_ref(), notes.clone());
        let mut page = Self {
            tab,
            watch,
            probe,
            base_url: options.base_url.clone(),
            device: options.device.clone(),
            deadline,
            cpu,
            renderer: None,
            inventory,
            recorders: None,
            first_step: None,
            running: None,
            steps: Vec::new(),
        };
        page.set_up(browser.info()).await?;
        // Which of the browser's processes runs the page is only known while it is the one new one.
        let mut new = page.cpu.renderers();
        new.retain(|pid| !earlier.contains(pid));
        if let [renderer] = new[..] {
            page.renderer = Some(renderer);
        }
        if let Some(inventory) = &page.inventory {
            inventory.install(deadline).await?;
        }
        if let Some(notes) = notes {
            let keep = options.keep_trace.clone();
            page.recorders = Some(Recorders::start(&page.tab, notes, keep, deadline).await?);
        }
        Ok(page)
    }

    /// Sends everything at once: nothing here depends on the answer to anything else.
    async fn set_up(&self, browser: &BrowserInfo) -> Result<(), CallError> {
        let Self {
            device, deadline, ..
        } = self;
        let (session, deadline) = (&self.tab.session, *deadline);
        let viewport = &device.viewport;
        let mut metrics = SetDeviceMetricsOverrideParams::new(
            viewport.width,
            viewport.height,
            viewport.scale,
            viewport.mobile,
        );
        metrics.screen_width = Some(viewport.width.into());
        metrics.screen_height = Some(viewport.height.into());
        let agent = user_agent::override_for(viewport, browser.major, browser.number());
        let mut touch = SetTouchEmulationEnabledParams::new(viewport.mobile);
        touch.max_touch_points = viewport.mobile.then_some(5);
        let mut download = SetDownloadBehaviorParams::new(SetDownloadBehaviorBehavior::Deny);
        download.browser_context_id = Some(self.tab.context().clone());

        let page = session.call(EnablePage::default(), deadline);
        let performance = session.call(counters::in_thread_time(), deadline);
        let metrics = session.call(metrics, deadline);
        let agent = session.call(agent, deadline);
        let touch = session.call(touch, deadline);
        let download = self.tab.connection().call("", download, deadline);
        let slower = (device.cpu_slowdown != 1.0).then(|| {
            session.call(
                SetCpuThrottlingRateParams::new(device.cpu_slowdown),
                deadline,
            )
        });
        let probe = self.probe.install(deadline);
        page.await?;
        performance.await?;
        metrics.await?;
        agent.await?;
        touch.await?;
        download.await?;
        if let Some(slower) = slower {
            slower.await?;
        }
        probe.await
    }

    /// Begins a step: `text` and `kind` are as in [`StepRecord`].
    ///
    /// # Errors
    /// When the page does not answer in time, or is gone.
    pub async fn begin_step(&mut self, text: &str, kind: &str) -> Result<(), Fault> {
        let from = self.snapshot(Side::Begin).await?;
        let began = Instant::now();
        self.first_step.get_or_insert(began);
        self.running = Some(Running {
            text: text.into(),
            kind: kind.into(),
            began,
            from,
        });
        Ok(())
    }

    /// Ends the step that was begun, carried out or not, and keeps its record and the page's.
    ///
    /// # Errors
    /// When the page does not answer in time, or is gone.
    pub async fn end_step(&mut self) -> Result<(), Fault> {
        let Some(began) = self.running.as_ref().map(|step| step.began) else {
            return Ok(());
        };
        let duration = began.elapsed();
        let to = self.snapshot(Side::End).await;
        let to = to.map_err(|error| self.fault(error))?;
        let read = self.read_probe().await;
        read.map_err(|error| self.fault(error))?;
        let after = self.look_after().await;
        let after = after.map_err(|error| self.fault(error))?;
        let Some(step) = self.running.take() else {
            return Ok(());
        };
        let since = self
            .first_step
            .map_or(Duration::ZERO, |first| step.began - first);
        self.steps.push(StepRecord {
            after,
            text: step.text,
            kind: step.kind,
            start_ms: since.as_secs_f64() * 1e3,
            duration_ms: duration.as_secs_f64() * 1e3,
            counters: step.from.until(&to),
            trace_us: self
                .recorders
                .is_some()
                .then_some((step.from.at_us, to.at_us)),
        });
        Ok(())
    }

    /// The step that was begun is none.
    pub(super) fn forget_step(&mut self) {
        self.running = None;
    }

    /// Reads out what is left, counts what the page holds after a garbage collection, and closes it.
    ///
    /// # Errors
    /// When the page does not answer in time, or is gone; it is closed then too.
    pub async fn finish(self) -> Result<PageEvidence, Fault> {
        self.finish_after(|| ()).await
    }

    /// As [`Page::finish`]. When all is read and before the page is left, `over` is called: a traced visit ends
    /// with a way there and back, whose requests are not the visit's.
    ///
    /// # Errors
    /// As [`Page::finish`].
    pub async fn finish_after(mut self, over: impl FnOnce()) -> Result<PageEvidence, Fault> {
        self.end_step().await?;
        let trace = match self.recorders.take() {
            Some(recorders) => Some(recorders.stop(&self.tab).await?),
            None => None,
        };
        self.read_probe().await?;
        self.tab
            .session
            .call(CollectGarbageParams::default(), self.deadline)
            .await?;
        let holdings = self.snapshot(Side::End).await?.holdings;
        let scripts = trace.as_ref().map_or(&[][..], |trace| &trace.scripts);
        let inventory = self.take_inventory(scripts, over).await?;
        let Self {
            tab,
            probe,
            steps,
            deadline,
            ..
        } = self;
        tab.close(deadline).await?;
        let own = steps.iter().filter(|step| !step.is_harness());
        Ok(PageEvidence {
            pages: probe.take(),
            counters: counters::sum(own.clone().map(|step| step.counters)),
            steps_ms: own.map(|step| step.duration_ms).sum(),
            steps,
            holdings,
            trace,
            inventory,
        })
    }

    /// The visible page as a PNG file; it disturbs the page, so only where nothing is measured any more.
    ///
    /// # Errors
    /// When the page does not answer in time, or is gone.
    pub async fn screenshot(&self) -> Result<Vec<u8>, Fault> {
        let capture = CaptureScreenshotParams {
            format: Some(CaptureScreenshotFormat::Png),
            ..Default::default()
        };
        let shot = self.tab.session.call(capture, self.deadline).await?;
        let bytes: &[u8] = shot.data.as_ref();
        BASE64_STANDARD
            .decode(bytes)
            .map_err(|error| Fault::BrowserDied {
                why: format!("its screenshot cannot be read: {error}"),
            })
    }

    /// A time-out says in which step it came.
    pub(super) fn fault(&self, error: CallError) -> Fault {
        match (Fault::from(error), &self.running) {
            (Fault::TimedOut { what, after_ms }, Some(step)) => Fault::TimedOut {
                what: format!("{what} in step `{}`", step.text),
                after_ms,
            },
            (fault, _) => fault,
        }
    }

    pub(super) async fn snapshot(&mut self, side: Side) -> Result<Snapshot, CallError> {
        let Self {
            tab,
            cpu,
            renderer,
            deadline,
            ..
        } = self;
        Snapshot::take(&tab.session, cpu, *renderer, side, *deadline).await
    }

    /// The document may be replaced while it is asked; the next one answers.
    async fn read_probe(&self) -> Result<(), CallError> {
        match self.probe.read(self.deadline).await {
            Err(CallError::Refused { .. }) => self.probe.read(self.deadline).await,
            read => read,
        }
    }
}
