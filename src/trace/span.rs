//! Stretches of the trace's clock.

/// A stretch of time, microseconds of the trace's clock; its end is not before its start.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    pub start_us: f64,
    pub end_us: f64,
}

impl Span {
    /// `None` when the times are not usable, or the end is before the start.
    pub fn new(start_us: f64, end_us: f64) -> Option<Self> {
        let sound = start_us.is_finite() && end_us.is_finite() && start_us <= end_us;
        sound.then_some(Self { start_us, end_us })
    }

    pub fn length_us(&self) -> f64 {
        self.end_us - self.start_us
    }

    pub fn halves(&self) -> [Self; 2] {
        let middle = f64::midpoint(self.start_us, self.end_us);
        [(self.start_us, middle), (middle, self.end_us)]
            .map(|(start_us, end_us)| Self { start_us, end_us })
    }

    pub fn holds(&self, time_us: f64) -> bool {
        self.start_us <= time_us && time_us <= self.end_us
    }
}

/// One of `spans`, which ascend and do not overlap, holds the time.
pub fn any_holds(spans: &[Span], time_us: f64) -> bool {
    let after = spans.partition_point(|span| span.start_us <= time_us);
    after > 0 && spans[after - 1].holds(time_us)
}

/// The total length of `spans` in seconds.
pub fn seconds(spans: &[Span]) -> f64 {
    spans.iter().map(Span::length_us).fold(0.0, |a, b| a + b) / 1e6
}

/// What is left of `spans` without the `busy` stretches, each of which lasts `after_us` longer than it says.
///
/// `busy` ascend by their starts.
pub fn without(spans: &[Span], busy: &[Span], after_us: f64) -> Vec<Span> {
    let mut left = Vec::new();
    for span in spans {
        let mut from_us = span.start_us;
        for busy in busy.iter().filter(|busy| busy.start_us < span.end_us) {
            left.extend(Span::new(from_us, busy.start_us));
            from_us = from_us.max(busy.end_us + after_us);
        }
        left.extend(Span::new(from_us, span.end_us));
    }
    left
}

/// The longest stretch of `span` in which no two neighbours of `times` are more than `gap_us` apart.
///
/// `times` ascend; those outside the span do not count. `None` when there are none inside.
pub fn longest_run(times: &[f64], span: Span, gap_us: f64) -> Option<Span> {
    let first = times.partition_point(|time| *time < span.start_us);
    let times = times[first..]
        .iter()
        .take_while(|time| **time <= span.end_us);
    let mut longest: Option<Span> = None;
    let mut run: Option<Span> = None;
    for &time in times {
        let begun = run.filter(|run| time - run.end_us <= gap_us);
        let now = Span {
            start_us: begun.map_or(time, |run| run.start_us),
            end_us: time,
        };
        run = Some(now);
        if longest.is_none_or(|longest| now.length_us() > longest.length_us()) {
            longest = run;
        }
    }
    longest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_ends_at_a_gap_and_at_the_span() {
        let span = Span::new(100.0, 1000.0).unwrap();
        let times = [50.0, 100.0, 110.0, 200.0, 210.0, 220.0, 990.0, 1010.0];
        let run = longest_run(&times, span, 15.0).unwrap();
        assert_eq!(run, Span::new(200.0, 220.0).unwrap());
        assert_eq!(longest_run(&[5.0], span, 15.0), None);
        assert_eq!(longest_run(&[500.0], span, 15.0), Span::new(500.0, 500.0));
    }

    #[test]
    fn busy_stretches_are_cut_out() {
        let span = |start_us, end_us| Span::new(start_us, end_us).unwrap();
        let spans = [span(0.0, 100.0), span(200.0, 300.0)];
        let busy = [
            span(20.0, 25.0),
            span(22.0, 23.0),
            span(90.0, 195.0),
            span(250.0, 251.0),
        ];
        let left = without(&spans, &busy, 10.0);
        let expected = [
            span(0.0, 20.0),
            span(35.0, 90.0),
            span(205.0, 250.0),
            span(261.0, 300.0),
        ];
        assert_eq!(left, expected);
        assert_eq!(without(&spans, &[], 10.0), spans);
    }

    #[test]
    fn a_span_has_a_start_before_its_end() {
        assert_eq!(Span::new(2.0, 1.0), None);
        assert_eq!(Span::new(f64::NAN, 1.0), None);
        assert_eq!(Span::new(0.0, f64::INFINITY), None);
        let spans = [Span::new(0.0, 5e5).unwrap(), Span::new(1e6, 2e6).unwrap()];
        assert_eq!(seconds(&spans), 1.5);
        let held = [-1.0, 0.0, 5e5, 6e5, 1e6, 3e6].map(|time| any_holds(&spans, time));
        assert_eq!(held, [false, true, true, false, true, false]);
    }
}
