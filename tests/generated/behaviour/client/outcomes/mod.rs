//! What calls return.
//!
//! | module | responsibility |
//! |---|---|
//! | `details` | media types that schemas and parameters define, untyped errors, secret text |
//! | `media_types` | the media types of requests and responses |
//! | `redirects` | redirects as results |
//! | `responses` | responses by status, media type and header |

mod details;
mod media_types;
mod redirects;
mod responses;
