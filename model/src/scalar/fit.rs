//! How well a value fits a variant while the variant is decoded by trial.
//!
//! Decoding keeps unknown values and properties, so that almost any object decodes as almost any
//! struct. What it kept is counted here, and the variant with the least is chosen. Nothing is
//! counted outside of a trial.

use std::cell::Cell;

thread_local! {
    static COUNTED: Cell<Option<Misfit>> = const { Cell::new(None) };
}

/// What does not fit in a decoded value. The order is that of importance: a variant with a smaller
/// misfit fits better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Misfit {
    /// Properties of objects that have no other properties.
    pub(crate) forbidden: u32,
    /// Unknown values of enums, unknown variants of unions, and violated constraints.
    pub(crate) unknown: u32,
    /// Properties that are kept without being declared.
    pub(crate) undeclared: u32,
}

/// The undeclared properties of a value that is kept as a whole: more than those of any struct.
const WHOLE: u32 = 1 << 20;

impl Misfit {
    pub(crate) fn is_none(self) -> bool {
        self == Self::default()
    }
}

/// Whether something is decoded by trial.
pub(crate) fn is_counting() -> bool {
    COUNTED.get().is_some()
}

/// Counts a property of an object that has no other properties.
pub(crate) fn forbidden() {
    count(|misfit| &mut misfit.forbidden, 1);
}

/// Counts a value that no enum or union knows.
pub(crate) fn unknown() {
    count(|misfit| &mut misfit.unknown, 1);
}

/// Counts a property that is not declared.
pub(crate) fn undeclared() {
    count(|misfit| &mut misfit.undeclared, 1);
}

/// Counts a value about whose properties nothing is declared.
pub(crate) fn whole() {
    count(|misfit| &mut misfit.undeclared, WHOLE);
}

fn count(part: fn(&mut Misfit) -> &mut u32, more: u32) {
    if let Some(mut misfit) = COUNTED.get() {
        let part = part(&mut misfit);
        *part = part.saturating_add(more);
        COUNTED.set(Some(misfit));
    }
}

/// Counts what does not fit, variant by variant. When it ends, what the chosen variant has counts
/// for the trial around it.
pub(crate) struct Counting {
    outer: Option<Misfit>,
    chosen: Misfit,
}

impl Counting {
    pub(crate) fn start() -> Self {
        Self { outer: COUNTED.get(), chosen: Misfit::default() }
    }

    /// Starts with the next variant.
    pub(crate) fn next_variant(&self) {
        COUNTED.set(Some(Misfit::default()));
    }

    /// Returns what was counted for the variant.
    pub(crate) fn misfit(&self) -> Misfit {
        COUNTED.get().unwrap_or_default()
    }

    /// Chooses a variant.
    pub(crate) fn choose(&mut self, misfit: Misfit) {
        self.chosen = misfit;
    }
}

impl Drop for Counting {
    fn drop(&mut self) {
        let chosen = self.chosen;
        COUNTED.set(self.outer.map(|outer| Misfit {
            forbidden: outer.forbidden.saturating_add(chosen.forbidden),
            unknown: outer.unknown.saturating_add(chosen.unknown),
            undeclared: outer.undeclared.saturating_add(chosen.undeclared),
        }));
    }
}
