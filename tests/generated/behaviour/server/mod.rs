//! The servers of the fixtures.
//!
//! | module | responsibility |
//! |---|---|
//! | `forbidden` | properties that are not allowed |
//! | `rejections` | the bodies of rejections |
//! | `requests` | requests that servers accept and reject, and their responses |
//! | `secrets` | values that neither clients nor servers show |

mod forbidden;
mod rejections;
mod requests;
mod secrets;
