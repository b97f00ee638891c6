//! Tests of the generator. They need neither the runtimes nor a compiler.
//!
//! The cases in `fixtures/` are folders, each with its input and what is expected of it:
//!
//! | file | content |
//! |---|---|
//! | `spec.yaml` | the OpenAPI document |
//! | `config.toml` | the configuration, if there is one |
//! | other files | overlays and files that the document or the configuration refers to |
//! | `diagnostics.snap` | the rendered diagnostics, if there are any |
//! | `expected/client/`, `expected/server/` | the generated files that the case is about |
//!
//! `INSTA_UPDATE=always cargo test -p specwright --test suite` rewrites the `.snap` files. To show
//! one more generated file, create an empty `.snap` file for it and run this command.
//!
//! | module | responsibility |
//! |---|---|
//! | `case` | finds cases, reads their input, compares with their expectations |
//! | `cases` | the cases in `fixtures/` |
//! | `diagnostics` | inputs that need care: reported once, and nothing is lost silently |
//! | `documentation` | diagnostics printed in the documentation are what the generator prints |
//! | `entry_points` | entry points that write no code |
//! | `hostile` | hostile documents |
//! | `overlays` | overlays, documents in several files, and the positions in them |
//! | `page` | `docs/diagnostics.md` is generated from the table of diagnostics |
//! | `purity` | the generator reads no file, no environment and no clock |
//! | `robustness` | input of any content and size |
//! | `skip_unsupported` | operations that are left out with `skip-unsupported` |
//! | `webhooks` | webhooks and callbacks in counts, selections and diagnostics |
#![expect(clippy::unwrap_used, reason = "an unexpected error fails the test")]

mod case;
mod cases;
mod diagnostics;
mod documentation;
mod entry_points;
#[path = "../hostile/mod.rs"]
mod hostile;
mod overlays;
mod page;
mod purity;
mod robustness;
mod skip_unsupported;
mod webhooks;
