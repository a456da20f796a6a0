//! Files of the tag that are delivered in a way that costs every visitor.

use super::super::{Detector, Threshold};
use super::traffic::{address, file, listed};
use super::{Arms, Sighting};
use crate::model::{Finding, Unit};
use crate::trace::{Evidence, Exchange};

/// What a detector of badly delivered files looks for.
pub struct Delivery {
    pub detector: &'static Detector,
    /// Bytes in all, from which it is worth telling.
    pub limit: &'static Threshold,
    pub is: fn(&Exchange) -> bool,
    /// The rest of `https://… `.
    pub did: &'static str,
    /// What the figures count.
    pub figure: &'static str,
}

impl Delivery {
    pub fn detect(&self, arms: &Arms) -> Vec<Finding> {
        let Some(seen) = arms.exceeds(self.limit, |evidence| self.bytes(arms, evidence)) else {
            return Vec::new();
        };
        let first = seen.iter().position(|seen| *seen).unwrap_or_default();
        let mut found = self.found(arms, &arms.with[first]);
        found.sort_by(|a, b| b.received().total_cmp(&a.received()));
        let Some(largest) = found.first() else {
            return Vec::new();
        };
        let others: Vec<String> = found.iter().skip(1).map(|it| address(it.url)).collect();
        let also = if others.is_empty() {
            String::new()
        } else {
            format!("; so is {}", listed(&others, 4))
        };
        let bytes = Unit::Bytes.show(largest.received());
        let figures = vec![
            arms.figure(format!("{}, bytes", self.figure), Unit::Bytes, |evidence| {
                self.bytes(arms, evidence)
            }),
            arms.figure(self.figure, Unit::Count, |evidence| {
                self.found(arms, evidence).len() as f64
            }),
        ];
        vec![arms.finding(
            self.detector,
            Sighting {
                seen,
                culprit: Some(file(largest)),
                did: format!("({bytes}) {}{also}", self.did),
                step: None,
                figures,
            },
        )]
    }

    fn found<'a, 'v>(&self, arms: &Arms, evidence: &'a Evidence<'v>) -> Vec<&'a Exchange<'v>> {
        let traffic = arms.traffic(evidence).into_iter();
        traffic.filter(|exchange| (self.is)(exchange)).collect()
    }

    fn bytes(&self, arms: &Arms, evidence: &Evidence) -> f64 {
        let found = self.found(arms, evidence).into_iter();
        found.map(Exchange::received).sum()
    }
}

/// The origin says what it sends, and sent the whole thing.
pub fn is_declared(exchange: &Exchange) -> bool {
    let request = exchange.request;
    exchange.status() == 200 && request.is_some_and(|request| !request.headers.is_empty())
}

/// Chromium's kind of what came, or the destination of the request, in small letters.
pub fn kind(exchange: &Exchange) -> String {
    let page = exchange.fetch.map(|fetch| fetch.kind.to_lowercase());
    let stage = exchange.request.map(|request| request.destination.clone());
    page.filter(|kind| !kind.is_empty())
        .or(stage)
        .unwrap_or_default()
}
