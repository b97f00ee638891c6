//! The clients of the fixtures.
//!
//! | module | responsibility |
//! |---|---|
//! | `arguments` | arguments that are lists |
//! | `bodies` | request bodies |
//! | `calls` | the requests of operations, and the responses that they return |
//! | `deprecated` | deprecation warnings of the compiler |
//! | `media_types` | the media types of requests and responses |
//! | `redirects` | redirects as results |
//! | `references` | operations that are references |
//! | `responses` | responses by status, media type and header |
//! | `secrets` | logs do not contain credentials |
//! | `servers` | the server of an operation |
//! | `streams` | event streams and JSON lines |
//! | `strings` | strings that are unusual in code |

mod arguments;
mod bodies;
mod calls;
mod deprecated;
mod media_types;
mod redirects;
mod references;
mod responses;
mod secrets;
mod servers;
mod streams;
mod strings;
