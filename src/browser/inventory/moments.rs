//! The moments of a traced visit that are the harness's own: between two steps, and after the last.

use std::time::Duration;

use chromiumoxide::cdp::browser_protocol::browser::{
    Bounds, GetWindowForTargetParams, SetWindowBoundsParams, WindowId, WindowState,
};
use chromiumoxide::cdp::browser_protocol::target::TargetId;
use chromiumoxide::cdp::js_protocol::heap_profiler::CollectGarbageParams;
use serde::Deserialize;

use super::super::counters::Side;
use super::super::transport::CallError;
use super::super::{After, Fault, Hands, Inventory, Page, Script, StepError, StepRecord};
use super::after;

impl Page {
    /// How the page is between two steps, after a garbage collection; `None` in a trial that is not traced, and
    /// when the document was just being replaced.
    pub(in super::super) async fn look_after(&mut self) -> Result<Option<After>, CallError> {
        let Some(inventory) = self.inventory.clone() else {
            return Ok(None);
        };
        let looking = async {
            inventory.read(self.deadline).await?;
            let collect = CollectGarbageParams::default();
            self.tab.session.call(collect, self.deadline).await?;
            let holdings = self.snapshot(Side::End).await?.holdings;
            after::look(&self.tab, holdings, self.deadline).await
        };
        match looking.await {
            Ok(after) => Ok(Some(after)),
            Err(CallError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The inventory of a traced visit; `over` is called before the page is left, traced or not.
    pub(in super::super) async fn take_inventory(
        &self,
        scripts: &[Script],
        over: impl FnOnce(),
    ) -> Result<Option<Inventory>, CallError> {
        let Some(collector) = &self.inventory else {
            over();
            return Ok(None);
        };
        collector.read(self.deadline).await?;
        let mut inventory = collector.take(&self.tab, scripts, self.deadline).await?;
        over();
        inventory.not_restored = collector.not_restored().await;
        Ok(Some(inventory))
    }

    /// A step of the harness's own in which nobody touches the page.
    ///
    /// # Errors
    /// When the page does not answer in time, or is gone.
    pub async fn quiet_step(&mut self, time: Duration) -> Result<(), Fault> {
        let text = format!("quiet for {} s after the last step", time.as_secs_f64());
        self.begin_step(&text, StepRecord::QUIET).await?;
        self.wait(time).await?;
        self.end_step().await
    }

    /// A step of the harness's own in which the page's window is minimised. A browser that has no window to
    /// minimise has no such step.
    ///
    /// # Errors
    /// When the page does not answer in time, or is gone.
    pub async fn hidden_step(&mut self, time: Duration) -> Result<(), Fault> {
        let Some(window) = self.window().await? else {
            return Ok(());
        };
        let text = format!("hidden for {} s", time.as_secs_f64());
        self.begin_step(&text, StepRecord::HIDDEN).await?;
        match self.show(window, WindowState::Minimized).await {
            Err(CallError::Refused { .. }) => {
                self.forget_step();
                return Ok(());
            }
            shown => shown.map_err(|error| self.fault(error))?,
        }
        self.wait(time).await?;
        self.end_step().await?;
        Ok(self.show(window, WindowState::Normal).await?)
    }

    async fn wait(&mut self, time: Duration) -> Result<(), Fault> {
        match self.idle(time).await {
            Err(StepError::Fault(fault)) => Err(fault),
            // To wait can be refused by nobody.
            Err(StepError::Unmet(_)) | Ok(()) => Ok(()),
        }
    }

    async fn window(&self) -> Result<Option<WindowId>, CallError> {
        #[derive(Deserialize)]
        struct Window {
            #[serde(rename = "windowId")]
            id: WindowId,
        }
        let ask = GetWindowForTargetParams {
            target_id: Some(TargetId::new(self.tab.target.clone())),
        };
        let asked = self.tab.connection().call_for("", ask, self.deadline);
        match asked.await {
            Ok(Window { id }) => Ok(Some(id)),
            Err(CallError::Refused { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn show(&self, window: WindowId, state: WindowState) -> Result<(), CallError> {
        let bounds = Bounds {
            window_state: Some(state),
            ..Default::default()
        };
        let set = SetWindowBoundsParams::new(window, bounds);
        let set = self.tab.connection().call("", set, self.deadline);
        set.await.map(drop)
    }
}
