//! The behaviour of the generated code of the fixtures.
//!
//! | module | responsibility |
//! |---|---|
//! | `client` | clients |
//! | `models` | models in JSON, and their validation |
//! | `round_trip` | clients against servers |
//! | `secrets` | values that are not shown |
//! | `server` | servers |
//! | `support` | helpers |

mod client;
mod models;
mod round_trip;
mod secrets;
mod server;
mod support;
