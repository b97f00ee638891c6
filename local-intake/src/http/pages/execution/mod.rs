//! *One execution*: why it failed, when its jobs ran, and what was sent.
//!
//! | module | responsibility |
//! |---|---|
//! | `attempts` | other executions of the same commit |
//! | `axis` | positions in time, of bars and ticks |
//! | `details` | everything about one event |
//! | `failures` | the jobs and steps that failed |
//! | `head` | the facts of the run |
//! | `overview` | all jobs in a small picture |
//! | `page` | the page |
//! | `rows` | the rows of the waterfall |
//! | `run` | reading the events of the run |
//! | `tree` | which stage has which jobs, and which job has which steps |

mod attempts;
mod axis;
mod details;
mod failures;
mod head;
mod overview;
mod page;
mod rows;
mod run;
mod tree;

pub(super) use page::page;
