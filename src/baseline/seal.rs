use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::model::Baseline;

/// The baseline with the hash of its content.
///
/// Whoever edits the file can compute the hash anew: it tells an edit from an acceptance, and is no
/// signature. Who may change the file is for the repository's review to say.
pub fn sealed(baseline: Baseline) -> Baseline {
    // Plain data has no way to fail; what cannot be written has no hash, and no reader takes it.
    let value = serde_json::to_value(&baseline).unwrap_or_default();
    Baseline {
        hash: hash(value),
        ..baseline
    }
}

/// SHA-256 of everything but the hash itself, hexadecimal: of compact JSON with sorted keys, so that only the
/// content counts and not how the file is laid out.
pub(super) fn hash(mut content: Value) -> String {
    if let Value::Object(fields) = &mut content {
        fields.remove("hash");
    }
    let digest = Sha256::digest(content.to_string());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::super::pretend::baseline;
    use super::*;

    #[test]
    fn the_hash_covers_all_but_itself() {
        let one = baseline("r", &[("chat", 5.0)]);
        let hash = |baseline: &Baseline| sealed(baseline.clone()).hash;
        assert_eq!(hash(&one).len(), 64);
        assert_eq!(
            hash(&one),
            hash(&Baseline {
                hash: "0".into(),
                ..one.clone()
            })
        );
        let mut other = one.clone();
        other.approval.reason += "!";
        assert_ne!(hash(&one), hash(&other));
        assert_ne!(hash(&one), hash(&baseline("r", &[("chat", 5.1)])));
    }
}
