//! Values that are not shown.
//!
//! | module | responsibility |
//! |---|---|
//! | `calls` | between clients and servers |
//! | `models` | in models |

mod calls;
mod models;
