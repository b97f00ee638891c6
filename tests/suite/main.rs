//! All tests of the whole workspace, as one program.

mod unions;
mod wire;
