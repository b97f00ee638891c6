//! The steps of matching a string.

use crate::common::Stopped;

/// Counts the steps of matching one string, and checks from time to time whether to go on.
pub(super) struct Steps<'c> {
    count: usize,
    check: &'c mut dyn FnMut() -> Result<(), Stopped>,
}

/// The number of steps from one check to the next, well below a millisecond.
const STEPS: usize = 32_768;

impl<'c> Steps<'c> {
    pub(super) fn new(check: &'c mut dyn FnMut() -> Result<(), Stopped>) -> Self {
        Self { count: 0, check }
    }

    pub(super) fn add(&mut self, steps: usize) -> Result<(), Stopped> {
        self.count += steps;
        if self.count < STEPS {
            return Ok(());
        }
        self.count = 0;
        (self.check)()
    }
}
