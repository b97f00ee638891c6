//! All tests of the whole workspace, as one program.

mod end_to_end;
mod generator;
mod readme;
mod round_trip;
mod unions;
mod wire;
