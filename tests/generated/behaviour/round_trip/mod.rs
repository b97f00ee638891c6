//! The server of a document receives what its client sends, and vice versa.
//!
//! | module | responsibility |
//! |---|---|
//! | `bodies` | request bodies |
//! | `formats` | numbers and strings with a format |
//! | `parameters` | random parameters |
//! | `streams` | streams, bytes and headers of responses |
//! | `styles` | parameters of every style |

mod bodies;
mod formats;
mod parameters;
mod streams;
mod styles;
