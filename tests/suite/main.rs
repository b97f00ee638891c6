//! All tests of the whole workspace, as one program.

mod end_to_end;
mod unions;
mod wire;
