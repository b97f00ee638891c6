//! The servers of the fixtures.
//!
//! | module | responsibility |
//! |---|---|
//! | `rejections` | the bodies of rejections |
//! | `requests` | requests that servers accept and reject, and their responses |

mod rejections;
mod requests;
