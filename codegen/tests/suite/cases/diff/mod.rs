//! The changes between documents.
//!
//! `fixtures/diff` has a file per group: a document, and edits of it. Each edit is a case, compared
//! with the document in both directions. `GROUP.snap` has the verdicts.
//!
//! | module | responsibility |
//! |---|---|
//! | `pair` | documents and their edits |
//! | `verdicts` | the verdict on each edit |
//! | `properties` | what is true of all documents |
//! | `held` | former names that stay as aliases |
//! | `proofs` | programs that do not compile after a change |
//! | `page` | `docs/diff.md` is generated from the table of changes |

mod held;
mod page;
mod pair;
mod proofs;
mod properties;
mod verdicts;
