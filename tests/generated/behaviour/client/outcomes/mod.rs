//! What calls return.
//!
//! | module | responsibility |
//! |---|---|
//! | `media_types` | the media types of requests and responses |
//! | `redirects` | redirects as results |
//! | `responses` | responses by status, media type and header |

mod media_types;
mod redirects;
mod responses;
