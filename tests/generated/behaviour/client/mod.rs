//! The clients of the fixtures.
//!
//! | module | responsibility |
//! |---|---|
//! | `arguments` | arguments that are lists |
//! | `bodies` | request bodies |
//! | `calls` | the requests of operations, and the responses that they return |
//! | `deprecated` | deprecation warnings of the compiler |
//! | `forbidden` | properties that are not allowed |
//! | `outcomes` | what calls return |
//! | `references` | operations that are references |
//! | `secrets` | logs do not contain credentials |
//! | `servers` | the server of an operation |
//! | `streams` | event streams, JSON lines and listings |
//! | `strings` | strings that are unusual in code |

mod arguments;
mod bodies;
mod calls;
mod deprecated;
mod forbidden;
mod outcomes;
mod references;
mod secrets;
mod servers;
mod streams;
mod strings;
