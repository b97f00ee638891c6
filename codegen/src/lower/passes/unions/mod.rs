//! How the variant of a union's value is decided.
//!
//! | module | responsibility |
//! |---|---|
//! | `decide` | the pass |
//! | `discriminator` | decisions by the discriminator of the document |
//! | `facts` | what is known about a value before it is decoded |
//! | `groups` | variants grouped by the values that select them |
//! | `objects` | decisions among objects without a discriminator |

pub(crate) mod decide;
mod discriminator;
mod facts;
mod groups;
mod objects;
