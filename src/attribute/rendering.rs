//! Whose a frame's style, layout and paint are, when no script forced them.
//!
//! Chromium says which script made the page's style or layout invalid. The frame that follows is that script's
//! owner's, as a tag's injected styles cost it; of several, in equal parts. Chromium names only the first that
//! invalidates something that was valid. A frame that no script asked for, as of scrolling or of a CSS animation,
//! is the browser's.

use super::parties::Party;

const RENDERING: &[&str] = &[
    "UpdateLayoutTree",
    "Layout",
    "PrePaint",
    "Paint",
    "Layerize",
    "Commit",
];

pub fn is_rendering(name: &str) -> bool {
    RENDERING.contains(&name)
}

pub fn is_invalidation(name: &str) -> bool {
    matches!(name, "InvalidateLayout" | "ScheduleStyleRecalculation")
}

/// What was made invalid, and by whom, as the trace is read from its beginning.
#[derive(Default)]
pub struct Rendering {
    /// Since the last frame.
    causes: Vec<Party>,
    /// The task in which the frame of these causes is rendered.
    rendered_in: Option<usize>,
    frames: Vec<Vec<(Party, f64)>>,
    /// The causes have changed since the last of `frames`.
    changed: bool,
}

impl Rendering {
    /// Something was made invalid within the task `root`.
    pub fn invalidate(&mut self, root: usize, by: Option<Party>) {
        if self.rendered_in.is_some_and(|task| task != root) {
            self.causes.clear();
            self.rendered_in = None;
        }
        if let Some(by) = by.filter(|by| !self.causes.contains(by)) {
            self.causes.push(by);
        }
        self.changed = true;
    }

    /// The frame to which rendering within the task `root` belongs.
    pub fn render(&mut self, root: usize) -> usize {
        if self.rendered_in.is_some_and(|task| task != root) {
            self.causes.clear();
            self.changed = true;
        }
        self.rendered_in = Some(root);
        if self.changed || self.frames.is_empty() {
            let share = 1.0 / self.causes.len().max(1) as f64;
            let mut shares: Vec<(Party, f64)> =
                self.causes.iter().map(|party| (*party, share)).collect();
            if shares.is_empty() {
                shares.push((Party::BROWSER, 1.0));
            }
            self.frames.push(shares);
            self.changed = false;
        }
        self.frames.len() - 1
    }

    /// The owners of a frame, and each one's share.
    pub fn shares(&self, frame: usize) -> &[(Party, f64)] {
        self.frames.get(frame).map_or(&[], Vec::as_slice)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_for_those_who_asked_for_it() {
        let mut rendering = Rendering::default();
        let none = rendering.render(0);
        rendering.invalidate(1, Some(Party::FIRST));
        rendering.invalidate(2, Some(Party::HARNESS));
        rendering.invalidate(2, Some(Party::FIRST));
        let both = rendering.render(3);
        assert_eq!(rendering.render(3), both);
        let scrolled = rendering.render(4);
        assert_eq!(rendering.shares(none), [(Party::BROWSER, 1.0)]);
        assert_eq!(
            rendering.shares(both),
            [(Party::FIRST, 0.5), (Party::HARNESS, 0.5)]
        );
        assert_eq!(rendering.shares(scrolled), [(Party::BROWSER, 1.0)]);
    }

    #[test]
    fn what_is_made_invalid_within_the_frame_belongs_to_it() {
        let mut rendering = Rendering::default();
        rendering.invalidate(1, Some(Party::FIRST));
        rendering.render(1);
        rendering.invalidate(1, Some(Party::HARNESS));
        let later = rendering.render(1);
        assert_eq!(rendering.shares(later).len(), 2);
        rendering.invalidate(2, None);
        let unknown = rendering.render(2);
        assert_eq!(rendering.shares(unknown), [(Party::BROWSER, 1.0)]);
    }
}
