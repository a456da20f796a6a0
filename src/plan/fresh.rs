use crate::model::{Confirmation, Contrast, Design, Gate, Plan};
use crate::stats;

use super::layout::{ALPHA, comparisons};

/// Beyond so many suspects a screen's confirmation would take longer than the screen.
const MOST_SUSPECTS: usize = 6;

/// Most fresh blocks after a screen: under drift, fewer are what limits its power.
const FRESH_BLOCKS: usize = 60;

/// How fresh trials decide on `suspects`, the strongest first, that `after` measured blocks raised.
///
/// After blocks, each suspicion was exact: it is checked once, on its own arms. After a screen, whose fit is
/// approximate, the suspects have a comparison of their own, with a family's whole error budget.
/// `None` when there is no suspect.
pub fn confirmation(
    plan: &Plan,
    gate: &Gate,
    suspects: &[String],
    after: usize,
) -> Option<Confirmation> {
    let most = match plan.design {
        Design::Blocks => suspects.len(),
        Design::Screen => MOST_SUSPECTS,
    };
    let suspects = &suspects[..suspects.len().min(most)];
    let contrasts: Vec<Contrast> = plan
        .contrasts
        .iter()
        .filter(|contrast| suspects.contains(&contrast.tag))
        .cloned()
        .collect();
    if contrasts.is_empty() {
        return None;
    }
    let looks = match plan.design {
        Design::Blocks => stats::confirmation(after),
        Design::Screen => {
            let family = comparisons(gate, contrasts.len());
            stats::schedule(family, FRESH_BLOCKS, ALPHA)
                .unwrap_or(stats::confirmation(FRESH_BLOCKS))
        }
    };
    Some(Confirmation {
        contrasts,
        schedule: looks.into(),
    })
}
