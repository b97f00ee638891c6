//! The CI Visibility Pipelines API on one's own machine: so far what is asked (the search
//! syntax and the forms of time), what it is asked of (the attributes of events), and what is
//! computed of them.

pub mod aggregate;
pub mod event;
pub mod query;
pub mod store;
pub mod time;

#[cfg(test)]
mod testing {
    use proptest::prelude::ProptestConfig;

    /// So many cases. What fails is written down as a test, not in a file of seeds.
    pub(crate) fn cases(cases: u32) -> ProptestConfig {
        ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
    }
}
