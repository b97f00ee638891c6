//! The results of a document, and their columns.

use std::iter::Sum;

use crate::corpus::table::grouped;

/// The results for the components and unions of a document.
#[derive(Clone, Debug, Default)]
pub(in crate::corpus) struct Sampled {
    /// The component schemas of the document.
    pub(super) components: usize,
    /// Those that no operation needs; they are used by operations that the document does not have.
    pub(super) unused: usize,
    /// Those with a generated type and at least one value.
    pub(super) reached: usize,
    /// Those of which all values round-trip unchanged.
    pub(super) equal: usize,
    pub(super) values: usize,
    /// Unions, components or not, with values whose variant was compared.
    pub(super) unions: usize,
    /// Values whose variant was compared with the member that they were drawn from.
    pub(super) variants: usize,
    /// Those that were decoded as another variant.
    pub(super) wrong: usize,
    /// Why components were not reached, with their number.
    pub(in crate::corpus) not_reached: Vec<String>,
    /// What went wrong, one line for each component or union.
    pub(in crate::corpus) failed: Vec<String>,
}

/// The columns of the results.
pub(in crate::corpus) const HEAD: [&str; 10] = [
    "document",
    "components",
    "unused",
    "reached",
    "equal",
    "share",
    "values",
    "unions",
    "variants compared",
    "wrong",
];

impl Sampled {
    /// Returns whether fewer than 99.5 % of the components pass, or a variant was wrong.
    pub(in crate::corpus) fn has_failed(&self) -> bool {
        self.equal * 1000 < self.reached * 995 || self.wrong > 0
    }

    /// Renders a row of the results.
    pub(in crate::corpus) fn row(&self, name: &str) -> Vec<String> {
        let per_mille = self.equal * 10_000 / self.reached.max(1);
        vec![
            name.to_owned(),
            grouped(self.components),
            grouped(self.unused),
            grouped(self.reached),
            grouped(self.equal),
            format!("{}.{:02} %", per_mille / 100, per_mille % 100),
            grouped(self.values),
            grouped(self.unions),
            grouped(self.variants),
            grouped(self.wrong),
        ]
    }
}

impl<'a> Sum<&'a Self> for Sampled {
    fn sum<I: Iterator<Item = &'a Self>>(all: I) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            components: sum.components + one.components,
            unused: sum.unused + one.unused,
            reached: sum.reached + one.reached,
            equal: sum.equal + one.equal,
            values: sum.values + one.values,
            unions: sum.unions + one.unions,
            variants: sum.variants + one.variants,
            wrong: sum.wrong + one.wrong,
            not_reached: [sum.not_reached, one.not_reached.clone()].concat(),
            failed: [sum.failed, one.failed.clone()].concat(),
        })
    }
}
