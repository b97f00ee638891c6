//! The behaviour of the generated code of the fixtures: models in JSON, clients, servers, and both
//! against each other.
//!
//! | module | responsibility |
//! |---|---|
//! | `bodies` | the request bodies that clients send |
//! | `bodies_round_trip` | the bodies that a client sends are those that the server receives |
//! | `calls` | the requests of operations, and the responses that clients return |
//! | `constraints` | `validate` |
//! | `deprecated` | deprecation warnings of the compiler |
//! | `json` | helpers: decoding and encoding |
//! | `models` | structs, enums and scalars in JSON |
//! | `parameters` | parameters that servers decode |
//! | `parameters_round_trip` | the parameters that a client sends are those that the server receives |
//! | `rejections` | how servers reject requests |
//! | `responses` | responses by status, media type and header |
//! | `schemas` | combined schemas, integer enums and recovered schemas in JSON |
//! | `script` | helper: a server that writes scripted bytes |
//! | `served` | helper: a running generated server; what servers accept and return |
//! | `secrets` | logs do not contain credentials |
//! | `server` | helper: a server that records requests |
//! | `servers` | the server that an operation is sent to |
//! | `streams` | event streams and JSON lines that a client reads |
//! | `streams_served` | streams and downloads between a generated client and server |
//! | `unions` | unions in JSON |
//! | `webhooks` | webhooks and callbacks, decoded by name |

mod bodies;
mod bodies_round_trip;
mod calls;
mod constraints;
mod deprecated;
mod json;
mod models;
mod parameters;
mod parameters_round_trip;
mod rejections;
mod responses;
mod schemas;
mod script;
mod secrets;
mod served;
mod server;
mod servers;
mod streams;
mod streams_served;
mod unions;
mod webhooks;
