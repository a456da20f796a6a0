use crate::model::{Confirmation, Contrast, Design, Plan};
use crate::stats;

/// Beyond so many suspects a screen's confirmation would take longer than the screen.
const MOST_SUSPECTS: usize = 6;

/// How fresh trials decide on `suspects`, the strongest first. `None` when there is no suspect.
///
/// Each is asked again in blocks of its own two arms; the suspects of a screen share the arm with everything.
pub fn confirmation(plan: &Plan, suspects: &[String]) -> Option<Confirmation> {
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
    (!contrasts.is_empty()).then(|| Confirmation {
        contrasts,
        schedule: stats::confirmation().into(),
    })
}
