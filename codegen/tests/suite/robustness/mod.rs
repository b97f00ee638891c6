//! Input of any content and size.
//!
//! | module | responsibility |
//! |---|---|
//! | `chains` | long chains of schemas, and many of them |
//! | `names` | names that do not depend on the selection |
//! | `strings` | any string anywhere in a document |

mod chains;
mod names;
mod strings;
