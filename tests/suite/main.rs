//! End-to-end tests of the client.
//!
//! | module | responsibility |
//! |---|---|
//! | `documentation` | the Rust blocks of README.md and docs/ |
//! | `end_to_end` | calls to a scripted server and to the intake |
//! | `round_trip` | random models are equal after encoding and decoding |
//! | `unions` | unions of the API |
//! | `wire` | documented and recorded bodies, decoded and encoded again |

mod documentation;
mod end_to_end;
mod round_trip;
mod unions;
mod wire;
