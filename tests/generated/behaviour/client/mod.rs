//! The clients of the fixtures.
//!
//! | module | responsibility |
//! |---|---|
//! | `bodies` | request bodies |
//! | `calls` | the requests of operations, and the responses that they return |
//! | `deprecated` | deprecation warnings of the compiler |
//! | `references` | operations that are references |
//! | `responses` | responses by status, media type and header |
//! | `secrets` | logs do not contain credentials |
//! | `servers` | the server of an operation |
//! | `streams` | event streams and JSON lines |

mod bodies;
mod calls;
mod deprecated;
mod references;
mod responses;
mod secrets;
mod servers;
mod streams;
