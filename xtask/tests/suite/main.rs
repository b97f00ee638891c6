//! Tests of the generator with the commands of this workspace.
//!
//! | module | responsibility |
//! |---|---|
//! | `drift` | the committed client and server are what the generator makes of the document |
//! | `mutations` | mutated documents do not make the generator panic |

mod drift;
mod mutations;
