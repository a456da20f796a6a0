use crate::model::{Certificate, Examination, Fingerprint, Fitness, Speed};

/// Pairs of the page with itself that a certificate takes: what a gate's first look takes, too.
const LEAST_BLOCKS: usize = 10;

/// Why an examination of the machine certifies no baseline.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum Uncertified {
    #[error("it has format {found}, not {}", Examination::FORMAT)]
    Format { found: u32 },
    #[error("it measured no page against itself")]
    NoSession,
    #[error("it was made elsewhere: {what} was {then} there and {now} in the run")]
    Elsewhere {
        what: String,
        then: String,
        now: String,
    },
    #[error("it found this machine unfit to judge")]
    Unfit,
    #[error("its session has {blocks} blocks, and a certificate takes {LEAST_BLOCKS} at least")]
    TooFewBlocks { blocks: usize },
    #[error("it called {regressed} of {effects} effects regressed that were none")]
    FalseAlarms { regressed: usize, effects: usize },
}

/// The certificate that `examination` gives to a run with this fingerprint and speed; `of` is the speed of
/// the examination.
///
/// # Errors
/// Why it gives none.
pub fn certificate(
    examination: &Examination,
    of: &Speed,
    fingerprint: &Fingerprint,
    run: &Speed,
) -> Result<Certificate, Uncertified> {
    if examination.format != Examination::FORMAT {
        return Err(Uncertified::Format {
            found: examination.format,
        });
    }
    let session = examination.session.as_ref();
    let certificate = &session.ok_or(Uncertified::NoSession)?.certificate;
    if let Some(first) = examination.fingerprint.differences(fingerprint).first() {
        return Err(Uncertified::Elsewhere {
            what: first.what.clone(),
            then: first.baseline.clone(),
            now: first.run.clone(),
        });
    }
    if !of.is_like(run) {
        return Err(Uncertified::Elsewhere {
            what: "machine".into(),
            then: of.machine(),
            now: run.machine(),
        });
    }
    if [examination.fitness, certificate.fitness].contains(&Fitness::Unfit) {
        return Err(Uncertified::Unfit);
    }
    if certificate.blocks < LEAST_BLOCKS {
        return Err(Uncertified::TooFewBlocks {
            blocks: certificate.blocks,
        });
    }
    if certificate.regressed > 0 {
        return Err(Uncertified::FalseAlarms {
            regressed: certificate.regressed,
            effects: certificate.effects,
        });
    }
    Ok(certificate.clone())
}

#[cfg(test)]
mod tests {
    use super::super::pretend::{self, examination};
    use super::*;

    fn ask(examination: &Examination) -> Result<Certificate, Uncertified> {
        let run = pretend::baseline("r", &[]);
        certificate(examination, &run.speed, &run.fingerprint, &run.speed)
    }

    #[test]
    fn a_clean_session_of_the_same_machine_certifies() {
        assert_eq!(ask(&examination()).unwrap().blocks, 20);
    }

    #[test]
    fn whatever_is_wrong_is_named() {
        let mut other = examination();
        other.format = 9;
        assert_eq!(ask(&other), Err(Uncertified::Format { found: 9 }));

        let mut other = examination();
        other.session = None;
        assert_eq!(ask(&other), Err(Uncertified::NoSession));

        let mut other = examination();
        other.fingerprint.0.insert("browser".into(), "155".into());
        let error = ask(&other).unwrap_err().to_string();
        assert!(error.contains("browser was 155 there and 156"), "{error}");

        let mut other = examination();
        other.fitness = Fitness::Unfit;
        assert_eq!(ask(&other), Err(Uncertified::Unfit));

        let mut other = examination();
        other.session.as_mut().unwrap().certificate.regressed = 1;
        let error = ask(&other).unwrap_err().to_string();
        assert!(error.contains("1 of 3 effects"), "{error}");

        let mut other = examination();
        let session = other.session.as_mut().unwrap();
        session.certificate.blocks = 9;
        assert_eq!(ask(&other), Err(Uncertified::TooFewBlocks { blocks: 9 }));
        other.session.as_mut().unwrap().certificate.blocks = 10;
        assert!(ask(&other).is_ok());

        let run = pretend::baseline("r", &[]);
        let slowed = Speed {
            slowdown: 4.0,
            ..run.speed.clone()
        };
        let error = certificate(&examination(), &slowed, &run.fingerprint, &run.speed);
        assert!(error.unwrap_err().to_string().contains("CPU slowdown 4"));
    }
}
