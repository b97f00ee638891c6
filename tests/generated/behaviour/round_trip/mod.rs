//! The server of a document receives what its client sends, and vice versa.
//!
//! | module | responsibility |
//! |---|---|
//! | `bodies` | request bodies |
//! | `delimiters` | delimiters inside of values, and the order of properties |
//! | `enums` | undeclared values of enums |
//! | `formats` | numbers and strings with a format |
//! | `media_types` | the media types of requests and responses |
//! | `numbers` | numbers outside of JSON bodies |
//! | `parameters` | random parameters |
//! | `streams` | streams, bytes and headers of responses |
//! | `styles` | parameters of every style |
//! | `user_types` | types of the user |
//! | `versions` | what only some versions of the format have |

mod bodies;
mod delimiters;
mod enums;
mod formats;
mod media_types;
mod numbers;
mod parameters;
mod streams;
mod styles;
mod user_types;
mod versions;
