//! Aggregation: grouping events and computing statistics of each group.
//!
//! A request is validated into a [`Plan`], which then runs over the matching events. One pass
//! extracts the needed values into columns; grouping and computing only use those columns. Several
//! requests share that pass. Facets are processed from the outermost to the innermost, so groups beyond a `limit` cost nothing
//! further down.
//!
//! | module | responsibility |
//! |---|---|
//! | `bucket` | results |
//! | `check` | validating a request |
//! | `facets` | counting the values of several facets (feature `pages`) |
//! | `group` | splitting events by the values of a facet |
//! | `measure` | functions such as `pc95` |
//! | `plan` | validated requests |
//! | `run` | computing the buckets |
//! | `series` | time series |
//! | `table` | the values of the events, in columns |

mod bucket;
mod check;
#[cfg(feature = "pages")]
mod facets;
mod group;
mod measure;
mod plan;
mod run;
mod series;
mod table;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use bucket::Bucket;
#[cfg(feature = "pages")]
pub(crate) use facets::FacetCounts;
pub(crate) use plan::Plan;
pub(crate) use series::Window;
pub(crate) use table::{KeyMap, Table};
