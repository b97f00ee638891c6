//! *Executions*: searching events, with facets, graphs and a table.
//!
//! | module | responsibility |
//! |---|---|
//! | `completion` | names and values for the search field |
//! | `facets` | the facets with the numbers of their values |
//! | `graphs` | executions, errors and durations over time |
//! | `page` | the page |
//! | `table` | the table of events |

mod completion;
mod facets;
mod graphs;
mod page;
mod table;

pub(super) use completion::{names, values};
pub(super) use page::page;
