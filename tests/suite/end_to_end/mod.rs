//! Calls to servers on the loopback interface: the intake, and a scripted server for what the intake
//! does not return or record.
//!
//! | module | responsibility |
//! |---|---|
//! | `blocking` | the blocking client |
//! | `calls` | calls to the scripted server |
//! | `configuration` | base URLs and credentials |
//! | `connections` | HTTP options |
//! | `intake` | calls to the intake |
//! | `observed` | hooks and tracing |
//! | `secrets` | credentials do not appear in any output |
//! | `support` | helpers |
//! | `test_doubles` | test doubles |
//! | `tls` | certificates and HTTP versions |

mod blocking;
mod calls;
mod configuration;
mod connections;
mod intake;
mod observed;
mod secrets;
mod support;
mod test_doubles;
mod tls;
