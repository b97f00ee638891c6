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
//! | `openapi_3_2` | requests of OpenAPI 3.2 |
//! | `parameters` | random parameters |
//! | `sequences` | bodies of several values |
//! | `streams` | streams, bytes and headers of responses |
//! | `styles` | parameters of every style |
//! | `user_types` | types of the user |

mod bodies;
mod delimiters;
mod enums;
mod formats;
mod media_types;
mod numbers;
mod openapi_3_2;
mod parameters;
mod sequences;
mod streams;
mod styles;
mod user_types;
