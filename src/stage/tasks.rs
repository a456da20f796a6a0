//! All tasks of the stage's connections in one place, so that none outlives its trial or the stage.

use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::JoinSet;

#[derive(Clone, Default)]
pub(super) struct Tasks(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    running: JoinSet<()>,
    closed: bool,
}

impl Tasks {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `task`; after [`Tasks::close`] it is dropped instead.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut state = self.state();
        while state.running.try_join_next().is_some() {}
        if !state.closed {
            state.running.spawn(task);
        }
    }

    /// Cuts everything that runs now.
    pub(super) fn abort(&self) {
        self.state().running.abort_all();
    }

    /// Cuts everything, waits until it is gone, and takes no more.
    pub(super) async fn close(&self) {
        let mut running = {
            let mut state = self.state();
            state.closed = true;
            std::mem::take(&mut state.running)
        };
        running.shutdown().await;
    }
}

/// hyper runs each HTTP/2 stream as a task of its own.
impl<F> hyper::rt::Executor<F> for Tasks
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    fn execute(&self, stream: F) {
        self.spawn(async move {
            stream.await;
        });
    }
}
