//! All tests of the whole workspace, as one program.
