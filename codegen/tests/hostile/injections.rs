//! Each attack in each location of a document.

use proptest::prelude::*;

use super::attacks::attacks;
use super::document::{DOCUMENT, generated, locations};
use super::{code, terminal};

/// Returns what generating with a string in each location gives: nothing unexpected, or an error.
fn check(with: &[(String, &str)], is_server: bool) -> Result<bool, String> {
    match generated(DOCUMENT, with, is_server) {
        Ok(output) => {
            terminal::check(&output.warnings.render(false))?;
            output.warnings.lines().try_for_each(|line| terminal::check_line(&line))?;
            code::check(&output.files).map(|()| true)
        }
        // Some strings are refused: an error is not an escape.
        Err(errors) => terminal::check(&errors).map(|()| false),
    }
}

#[test]
fn each_attack_in_each_location() -> Result<(), String> {
    let (locations, attacks) = (locations(DOCUMENT), attacks());
    let mut accepted = 0;
    for round in 0..attacks.len() {
        // Each location has another attack, and each of them in one of the rounds.
        let with: Vec<(String, &str)> = locations
            .iter()
            .enumerate()
            .map(|(i, location)| {
                (format!("@{location}@"), attacks[(i + round) % attacks.len()].as_str())
            })
            .collect();
        let failed = |why: String| format!("round {round}: {why}");
        accepted += usize::from(check(&with, round % 2 == 1).map_err(failed)?);
    }
    // Otherwise little was checked.
    assert!(accepted * 10 >= attacks.len() * 9, "{accepted} of {} documents", attacks.len());
    Ok(())
}

/// Only names, strings and documentation depend on the strings of a document: the same items are
/// generated for all of them.
#[test]
fn strings_do_not_change_the_code() -> Result<(), String> {
    let names: Vec<String> =
        locations(DOCUMENT).iter().map(|location| format!("@{location}@")).collect();
    let with = |suffix: &str| -> Vec<(String, String)> {
        // Patterns with a backslash are translated.
        let is_translated = |name: &str| ["pattern", "names"].iter().any(|it| name.contains(it));
        let value = |name: &String| match suffix.contains('\\') && is_translated(name) {
            true => format!("{} zz plain ", name.trim_matches('@')),
            false => format!("{}{suffix}", name.trim_matches('@')),
        };
        names.iter().map(|name| (name.clone(), value(name))).collect()
    };
    let skeleton = |values: &[(String, String)], is_server| {
        let with: Vec<_> =
            values.iter().map(|(name, value)| (name.clone(), value.as_str())).collect();
        generated(DOCUMENT, &with, is_server).map(|output| code::skeleton(&output.files))
    };
    for is_server in [false, true] {
        let plain = skeleton(&with(" zz plain "), is_server)?;
        assert!(plain.len() > 20, "{plain:?}");
        for suffix in ["\" zzPwned \"", "' zzPwned '", "\\ zzPwned", "` zzPwned `"] {
            let hostile = skeleton(&with(suffix), is_server)?;
            let difference =
                plain.iter().filter(|(shape, count)| hostile.get(*shape) != Some(count));
            let difference: Vec<_> = difference.collect();
            assert!(
                difference.is_empty() && plain.len() == hostile.len(),
                "{suffix}: {difference:?}"
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn random_strings_in_random_locations(
        strings in prop::collection::vec(
            prop_oneof![
                "\\PC{0,20}",
                "[\\x00-\\x7f]{0,20}",
                "([\"'`\\\\#!\\[\\](){}<>/*|~\n\r\t -]|zzPwned|fn |include!|rust){0,12}",
                any::<String>(),
            ],
            1..8,
        ),
        shift in 0_usize..1000,
        is_server in any::<bool>(),
    ) {
        let with: Vec<(String, &str)> = locations(DOCUMENT)
            .iter()
            .enumerate()
            .map(|(i, location)| (format!("@{location}@"), strings[(i * 7 + shift) % strings.len()].as_str()))
            .collect();
        if let Err(problem) = check(&with, is_server) {
            return Err(TestCaseError::fail(problem));
        }
    }
}
