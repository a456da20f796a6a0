//! How well the tags of the zoo were told.

use std::fmt::Write;

use tagperf::model::{CodeLocation, Finding, Report, Severity};

use super::expected::{Group, Want};

/// So many of how many.
#[derive(Clone, Copy, Debug, Default)]
struct Share {
    right: usize,
    of: usize,
}

impl Share {
    fn count(&mut self, right: bool) {
        self.of += 1;
        self.right += usize::from(right);
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.of += other.of;
    }

    fn is(self, percent: usize) -> bool {
        self.right * 100 >= self.of * percent
    }

    fn show(self) -> String {
        match self.of {
            0 => "-".into(),
            of => format!(
                "{}/{of} ({:.0} %)",
                self.right,
                self.right as f64 / of as f64 * 100.0
            ),
        }
    }
}

#[derive(Default)]
pub struct Score {
    /// Misbehaviours that were found.
    recall: Share,
    /// Those found whose culprit lies in the tag's file, or in what it brought.
    tag: Share,
    function: Share,
    line: Share,
    /// Benign tags of which nothing was found.
    silent: Share,
    /// Main-thread CPU time of the arms with these tags, and what of it has no owner, milliseconds.
    cpu_ms: f64,
    unknown_ms: f64,
    /// Findings that are not true.
    alarms: Vec<String>,
    /// What else went wrong.
    wrong: Vec<String>,
}

impl Score {
    pub fn of(group: &Group, asked: &[String], report: &Report) -> Self {
        let mut score = Self::default();
        for id in asked {
            let own: Vec<&Finding> = report.findings.iter().filter(|f| f.tag == *id).collect();
            score.blind(group, id, report);
            score.tell(&format!("{}/{id}", group.name), &group.wants[id], &own);
        }
        for arm in report
            .attribution
            .iter()
            .filter(|arm| asked.contains(&arm.tag))
        {
            score.cpu_ms += arm.main_cpu_ms.median;
            score.unknown_ms += arm.main_cpu_ms.median * arm.unknown_share.median;
        }
        for finding in &report.findings {
            if !asked.contains(&finding.tag) {
                score.alarms.push(shown(&group.name, finding));
            }
        }
        score
    }

    /// A tag that did not run, or of which there is no trace, has shown nothing.
    fn blind(&mut self, group: &Group, id: &str, report: &Report) {
        let own = report.tags.iter().find(|tag| tag.id == id).unwrap();
        if own.firing.ran < own.firing.of {
            self.wrong.push(format!("{}: {id} did not run", group.name));
        }
        let verdicts = report.judgement.tags.iter();
        for verdict in verdicts.filter(|verdict| verdict.tag == id) {
            let reasons = verdict.reasons.iter().filter(|reason| {
                use tagperf::model::ReasonId::*;
                !matches!(reason.id, ForbiddenFinding | WithinMargin)
            });
            let reasons = reasons.map(|reason| format!("{}: {}", group.name, reason.text));
            self.wrong.extend(reasons);
        }
    }

    fn tell(&mut self, name: &str, want: &Want, own: &[&Finding]) {
        let allowed = |finding: &&&Finding| {
            want.finding.as_ref() == Some(&finding.id) || want.also.contains(&finding.id)
        };
        let alarms = own.iter().filter(|finding| !allowed(finding));
        self.alarms
            .extend(alarms.map(|finding| shown(name, finding)));
        let Some(wanted) = &want.finding else {
            self.silent.count(own.is_empty());
            return;
        };
        let found = own.iter().find(|finding| finding.id == *wanted);
        self.recall.count(found.is_some());
        let Some(found) = found else {
            let ids: Vec<&str> = own.iter().map(|finding| finding.id.as_str()).collect();
            self.wrong
                .push(format!("{name}: no {wanted}; found: {}", ids.join(", ")));
            return;
        };
        self.place(name, want, found);
    }

    fn place(&mut self, name: &str, want: &Want, found: &Finding) {
        let nowhere = CodeLocation::default();
        let culprit = found.culprit.as_ref().unwrap_or(&nowhere);
        let file = want.file.as_ref().map(|file| is_file(&culprit.url, file));
        let named = want
            .function
            .as_ref()
            .map(|names| names.0.contains(&culprit.function));
        let line = want.line.map(|line| culprit.line == line);
        self.tag.count(file != Some(false));
        if named.is_some() {
            self.function
                .count(named == Some(true) && file != Some(false));
        }
        if let Some(line) = line {
            self.line.count(line && file != Some(false));
        }
        if [file, named, line].contains(&Some(false)) {
            self.wrong.push(format!(
                "{name}: blames {culprit}; wanted {} {} line {}",
                want.function
                    .as_ref()
                    .map_or("?".into(), |names| names.0.join("|")),
                want.file.as_deref().unwrap_or("?"),
                want.line.map_or("?".into(), |line| line.to_string())
            ));
        }
    }

    pub fn add(&mut self, other: Self) {
        self.recall.add(other.recall);
        self.tag.add(other.tag);
        self.function.add(other.function);
        self.line.add(other.line);
        self.silent.add(other.silent);
        self.cpu_ms += other.cpu_ms;
        self.unknown_ms += other.unknown_ms;
        self.alarms.extend(other.alarms);
        self.wrong.extend(other.wrong);
    }

    pub fn table(&self, name: &str) -> String {
        let mut text = format!("\nzoo {name}\n");
        for (what, share) in [
            ("found", self.recall),
            ("right tag", self.tag),
            ("right file and function", self.function),
            ("right line", self.line),
            ("benign and silent", self.silent),
        ] {
            let _ = writeln!(text, "  {what:<24} {}", share.show());
        }
        let unknown = self.unknown_share() * 100.0;
        let _ = writeln!(text, "  {:<24} {unknown:.1} % of the CPU time", "nobody's");
        let _ = writeln!(text, "  {:<24} {}", "false alarms", self.alarms.len());
        for line in self.alarms.iter() {
            let _ = writeln!(text, "  false alarm: {line}");
        }
        for line in self.wrong.iter() {
            let _ = writeln!(text, "  wrong: {line}");
        }
        text
    }

    fn unknown_share(&self) -> f64 {
        self.unknown_ms / self.cpu_ms.max(1.0)
    }

    /// A misbehaviour that is missed, a finding that is not true and a wrong tag are never fine; a name or a line may be
    /// off now and then.
    #[track_caller]
    pub fn meets_the_bars(&self) {
        let bars = [
            ("found", self.recall, 100),
            ("right tag", self.tag, 100),
            ("right file and function", self.function, 95),
            ("right line", self.line, 90),
            ("benign and silent", self.silent, 100),
        ];
        for (what, share, bar) in bars {
            assert!(
                share.is(bar),
                "{what}: {}, not {bar} %; see above",
                share.show()
            );
        }
        assert!(self.alarms.is_empty(), "false alarms: {:#?}", self.alarms);
        let unknown = self.unknown_share();
        assert!(
            self.cpu_ms > 0.0 && unknown < 0.05,
            "{unknown} of the CPU time has no owner"
        );
        assert!(self.recall.of + self.silent.of > 0, "no tag was looked at");
    }
}

fn is_file(url: &str, file: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    path.rsplit('/').next() == Some(file)
}

fn shown(name: &str, finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Severe => "severe",
    };
    let tag = &finding.tag;
    format!(
        "{name}: {severity} {} of {tag}: {}",
        finding.id, finding.summary
    )
}
