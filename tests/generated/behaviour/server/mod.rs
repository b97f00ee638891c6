//! The servers of the fixtures.
//!
//! | module | responsibility |
//! |---|---|
//! | `chosen` | responses that a handler chooses |
//! | `forbidden` | properties that are not allowed |
//! | `rejections` | the bodies of rejections |
//! | `requests` | requests that servers accept and reject, and their responses |

mod chosen;
mod forbidden;
mod rejections;
mod requests;
