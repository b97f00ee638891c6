//! How the variant of a union's value is decided.
//!
//! | module | responsibility |
//! |---|---|
//! | `decide` | the pass |
//! | `cycles` | unions that contain themselves as variants |
//! | `discriminator` | decisions by the discriminator of the document |
//! | `facts` | what is known about a value before it is decoded |
//! | `groups` | variants grouped by the values that select them |
//! | `objects` | decisions among objects without a discriminator |
//! | `overlap` | whether two types have values in common |
//! | `tags` | properties, and values further inside, whose values may select a variant |

mod cycles;
pub(crate) mod decide;
mod discriminator;
mod facts;
mod groups;
mod objects;
mod overlap;
mod tags;
