//! The results of JSON Schema as a part of the page.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::reasons::Reasons;
use super::run::{Judgement, Tested};
use super::suite::Version;

/// The results of one keyword.
#[derive(Default)]
struct Row {
    groups: usize,
    tests: usize,
    right: usize,
    rejected: usize,
    accepted: usize,
}

impl Row {
    fn add(&mut self, tested: &Tested<'_>) {
        let count = |matches: fn(&Judgement) -> bool| {
            tested.judged.iter().filter(|judgement| matches(judgement)).count()
        };
        self.groups += 1;
        self.tests += tested.judged.len();
        self.right += count(|judgement| *judgement == Judgement::Right);
        self.rejected += count(|judgement| matches!(judgement, Judgement::FalseRejection(_)));
        self.accepted += count(|judgement| *judgement == Judgement::FalseAcceptance);
    }

    fn render(&self, name: &str) -> String {
        let Self { groups, tests, right, rejected, accepted } = self;
        format!("| {name} | {groups} | {tests} | {right} | {rejected} | {accepted} |\n")
    }
}

/// Renders the part of the page.
pub(super) fn part(all: &[Tested<'_>], reasons: &Reasons) -> String {
    let mut page = String::from(INTRODUCTION);
    for version in Version::ALL {
        let of_version = || all.iter().filter(|tested| tested.version == version);
        let _ = write!(
            page,
            "\n### OpenAPI {}, JSON Schema {}\n\n{HEAD}",
            version.name(),
            version.draft()
        );
        let mut rows: BTreeMap<&str, Row> = BTreeMap::new();
        let mut sum = Row::default();
        let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
        for tested in of_version() {
            if let Some(why) = tested.left_out {
                *left_out.entry(why).or_default() += 1;
                continue;
            }
            rows.entry(&tested.group.keyword).or_default().add(tested);
            sum.add(tested);
        }
        rows.iter().for_each(|(name, row)| page += &row.render(&format!("`{name}`")));
        page += &sum.render("all");
        let left_out: Vec<String> =
            left_out.iter().map(|(why, count)| format!("{why} ({count})")).collect();
        let _ = write!(page, "\nGroups that are left out: {}.\n", left_out.join(", "));
    }
    page + &reasons.render()
}

const HEAD: &str = "\
| keyword | groups | tests | right | false rejections | false acceptances |
|---|---:|---:|---:|---:|---:|
";

const INTRODUCTION: &str = "\
The official test suite of JSON Schema, run against generated types: a valid instance is decoded, has no violation, and
round-trips unchanged; an invalid one is rejected by decoding or by `validate()`. Each schema is a component, and a required
property of an object. Groups that a version of OpenAPI cannot express are left out, and so are tests that require formats not
to be validated. `cargo xtask conformance` repeats this and compares the result with this page. The reasons are listed in
`xtask/conformance.toml`; without one, a false rejection or a false acceptance is an error.

The types are generated with `exact-types`. By default, a schema with `properties` and without `type` is an object, and one
with `items` an array, as authors of OpenAPI documents mean it, and an integer without `format` has 64 bits: 42 valid instances
of the suite, all of other types or with more digits, are rejected then.
";
