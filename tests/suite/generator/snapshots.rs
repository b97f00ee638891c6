//! What is generated from each small description, as a person has read and approved it. Only
//! the files that the fixture is about are kept, so that each is short enough to be read.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::fixture;

/// The longest file that a person reads to the end.
const MANY_LINES: usize = 190;

/// Each fixture with the generated files that it is about.
const INTERESTING: &[(&str, &[&str])] = &[
    ("additional-forbidden", &["models/strict.rs"]),
    ("additional-typed", &["models/scores.rs"]),
    ("all-of", &["models/described.rs", "models/named.rs"]),
    ("any-of", &["models/limit.rs"]),
    ("bodies-form", &["operations/add_charge.rs"]),
    ("bodies-multipart", &["models/add_source_body_source.rs", "operations/add_picture.rs"]),
    ("bodies-raw", &["operations/add_image.rs", "operations/put_archive.rs"]),
    ("bodies-several", &["client.rs", "operations/add_logs.rs", "operations/add_video.rs"]),
    ("body-optional", &["operations/touch_things.rs"]),
    ("constant", &["models/event.rs"]),
    ("constraints-collection", &["models/entry.rs"]),
    ("constraints-nested", &["models/content.rs", "models/nest.rs"]),
    ("constraints-number", &["models/gauge.rs"]),
    ("constraints-request", &["operations/search_index.rs"]),
    ("constraints-text", &["models/entry.rs"]),
    ("dates", &["models/dates.rs"]),
    ("defaults", &["models/options.rs", "operations/make_list.rs"]),
    ("deprecated-operations", &["blocking.rs", "client.rs"]),
    ("deprecated-unstable", &["models/http_old.rs", "operations/get_old.rs"]),
    ("free-form", &["models/parcel.rs"]),
    ("inline-names", &["error.rs", "models/mod.rs"]),
    ("json-text", &["operations/get_json.rs"]),
    ("list-alias", &["models/tag.rs", "models/tags.rs", "operations/set_tags.rs"]),
    ("loose", &["models/loose.rs"]),
    ("map", &["models/maps.rs", "models/places.rs"]),
    ("names-components", &["error.rs", "models/mod.rs", "operations/search.rs"]),
    ("names-operations", &["client.rs", "double.rs", "operations/get_things_type.rs"]),
    ("names-own", &["models/own.rs"]),
    ("names-properties", &["models/odd.rs"]),
    ("names-signs", &["models/reactions.rs", "operations/list_oauth_messages.rs"]),
    ("names-types", &["models/mod.rs"]),
    ("nullable", &["models/note.rs"]),
    ("numbers", &["models/numbers.rs"]),
    ("one-way", &["models/change.rs", "models/user.rs"]),
    ("paging-cursor", &["operations/list_items.rs"]),
    ("paging-offset", &["operations/list_items.rs"]),
    ("paging-page", &["operations/list_items.rs"]),
    ("parameters-content", &["operations/search.rs"]),
    ("parameters-cookie", &["operations/get_cookies.rs"]),
    ("parameters-deep", &["operations/list_charges.rs"]),
    ("parameters-header", &["operations/get_headers.rs"]),
    ("parameters-styles", &["operations/get_one.rs", "operations/get_lists.rs"]),
    ("paths-mismatched", &["operations/get_missing.rs", "operations/get_misspelt.rs"]),
    (
        "paths-odd",
        &["operations/get_file.rs", "operations/search_ids.rs", "operations/send_message.rs"],
    ),
    ("parameters-path", &["operations/get_deep.rs"]),
    ("parameters-query", &["operations/run_query.rs"]),
    ("recursive", &["models/expression.rs", "models/sum.rs", "models/tree.rs"]),
    ("refs", &["models/mod.rs", "operations/put_thing.rs"]),
    ("security-http", &["client.rs"]),
    ("security-keys", &["client.rs", "operations/get_b.rs"]),
    ("selection", &["client.rs", "mod.rs", "models/thing.rs"]),
    ("server-variables", &["client.rs"]),
    ("servers-own", &["operations/upload.rs"]),
    ("string-enum", &["models/colour.rs"]),
    ("string-enum-names", &["models/sort.rs"]),
    (
        "struct-required-optional",
        &["client.rs", "mod.rs", "models/car.rs", "operations/add_car.rs"],
    ),
    ("three-state", &["models/update.rs"]),
    ("union-by-presence", &["models/contact.rs"]),
    ("union-by-tag", &["models/shape.rs"]),
    ("union-by-type", &["models/cell.rs"]),
    ("union-declared", &["models/item.rs", "models/shape.rs"]),
    ("union-discriminator", &["models/pet.rs"]),
    ("union-nested", &["models/job.rs", "models/resource.rs"]),
    ("union-tried", &["models/size.rs"]),
    ("union-within", &["models/language.rs", "models/processor.rs"]),
    ("modern", &["models/note.rs"]),
    ("overlay", &["models/book.rs", "operations/mod.rs"]),
    ("files", &["models/mod.rs", "models/pet.rs", "models/pet_toy.rs"]),
    ("selection-wildcards", &["operations/mod.rs"]),
    ("yaml-features", &["operations/get_yaml.rs"]),
    ("answers-bytes", &["operations/get_archive.rs", "operations/get_file.rs"]),
    ("answers-media", &["error.rs", "operations/get_report.rs", "operations/get_thing.rs"]),
    ("webhooks-beside", &["mod.rs", "webhooks.rs"]),
    ("webhooks-alone", &["webhooks.rs"]),
    ("answers-per-status", &["double.rs", "operations/get_answer.rs"]),
    (
        "answers-range",
        &["operations/check_all.rs", "operations/get_range.rs", "operations/list_disks.rs"],
    ),
    (
        "answers-streams",
        &[
            "double.rs",
            "operations/create_chat.rs",
            "operations/get_rows.rs",
            "operations/watch_feed.rs",
        ],
    ),
    ("constraints-three-state", &["models/node.rs"]),
    ("constraints-vacuous", &["models/vacuous.rs"]),
    ("docs-odd", &["models/docs.rs"]),
    ("names-builder", &["models/mod.rs"]),
    ("names-taken", &["models/taken.rs"]),
    ("names-traits", &["models/mod.rs"]),
    ("no-operations", &["client.rs"]),
    ("operation-alias", &["client.rs"]),
    ("paging-required", &["operations/list_items.rs"]),
    ("paging-start", &["operations/list_items.rs"]),
    ("paging-unusable", &["operations/list_items.rs"]),
    ("constraints-union", &["models/level.rs"]),
    ("names-inherited", &["models/settings.rs", "operations/clone2.rs"]),
    ("parameters-many", &["operations/get_many.rs"]),
    ("union-of-lists", &["models/either.rs"]),
    ("parameters-objects", &["operations/mod.rs"]),
    ("server-names", &["client.rs"]),
    ("server-text", &["operations/get_range.rs"]),
    (
        "calls-that-block",
        &["blocking.rs", "mod.rs", "operations/list_items.rs", "operations/put_item.rs"],
    ),
    ("doubles-none", &["client.rs", "mod.rs", "operations/get_things.rs"]),
    ("names-beside", &["blocking.rs", "double.rs", "operations/new2.rs"]),
    ("all-of-merged", &["models/circle.rs", "models/mod.rs", "models/narrowed_nest.rs"]),
    ("enums-integer", &["models/get_answer_response.rs", "models/good.rs", "models/priority.rs"]),
    ("inheritance", &["models/mod.rs", "models/pet.rs"]),
    ("messy", &["operations/get_things.rs"]),
    ("messy-types", &["models/mod.rs"]),
    ("messy-values", &["models/mod.rs", "models/owner.rs"]),
    ("names-odd", &["models/n2nd_grosse3d.rs"]),
    ("refs-odd", &["models/mod.rs"]),
    ("security-other", &["operations/get_c.rs", "operations/get_d.rs"]),
    ("union-beside", &["models/model.rs", "models/payment.rs", "models/shape.rs"]),
];

/// Of some fixtures, generated files of the server.
const OF_SERVERS: &[(&str, &[&str])] = &[
    ("answers-bytes", &["operations/get_archive.rs"]),
    ("answers-media", &["operations/get_report.rs"]),
    ("answers-streams", &["api.rs", "operations/create_chat.rs", "operations/get_rows.rs"]),
    ("answers-per-status", &["api.rs", "operations/get_answer.rs"]),
    ("answers-range", &["operations/get_range.rs"]),
    ("bodies-form", &["operations/add_charge.rs"]),
    ("bodies-multipart", &["operations/add_picture.rs"]),
    ("bodies-several", &["api.rs", "operations/add_video.rs"]),
    ("body-optional", &["operations/touch_things.rs"]),
    ("constraints-request", &["operations/search_index.rs"]),
    ("no-operations", &["api.rs", "routes.rs"]),
    ("parameters-content", &["operations/search.rs"]),
    ("parameters-cookie", &["operations/get_cookies.rs"]),
    ("parameters-deep", &["operations/list_charges.rs"]),
    ("parameters-header", &["operations/get_headers.rs"]),
    ("parameters-styles", &["operations/get_one.rs"]),
    ("paths-odd", &["operations/get_file.rs"]),
    ("parameters-objects", &["operations/find.rs"]),
    ("parameters-path", &["operations/get_deep.rs"]),
    ("parameters-query", &["operations/run_query.rs"]),
    ("security-keys", &["operations/get_b.rs", "routes.rs"]),
    ("server-names", &["api.rs", "mod.rs", "operations/a.rs", "operations/authorize.rs"]),
    ("server-text", &["operations/get_range.rs"]),
    ("struct-required-optional", &["api.rs", "operations/add_car.rs", "operations/mod.rs"]),
];

/// Every file that a person has approved: the name of its snapshot, and its text.
fn approved() -> Result<Vec<(String, String)>, String> {
    let folder = fixture::folder("generate");
    let mut all = Vec::new();
    for (table, of) in [(INTERESTING, ""), (OF_SERVERS, "server__")] {
        for (name, files) in table {
            let path = folder.join(format!("{name}.yaml"));
            let output = match of {
                "" => fixture::generate(&path),
                _ => fixture::generate_server(&path),
            };
            let output = output.map_err(|found| format!("{name}: {}", found.render(false)))?;
            for file in *files {
                let text = output
                    .files
                    .get(file)
                    .ok_or_else(|| format!("{name} has no {file}, only {:?}", paths(&output)))?;
                let stem = file.trim_end_matches(".rs").replace('/', "__");
                all.push((format!("{name}__{of}{stem}"), text.to_owned()));
            }
        }
    }
    Ok(all)
}

#[test]
fn the_generated_files_are_those_that_were_approved() {
    let mut differ = Vec::new();
    for (snapshot, text) in approved().unwrap() {
        // Every difference is shown, not only the first.
        if catch_unwind(AssertUnwindSafe(|| fixture::assert_approved(&snapshot, &text))).is_err() {
            differ.push(snapshot);
        }
    }
    assert!(differ.is_empty(), "read and approve, or mend: {differ:#?}");
}

#[test]
fn the_warnings_are_those_that_were_approved() {
    let mut differ = Vec::new();
    for path in fixture::descriptions(&fixture::folder("generate")).unwrap() {
        let warnings = fixture::generate(&path).unwrap().warnings;
        let snapshot = format!("{}__warnings", fixture::name(&path));
        let text = warnings.render(false);
        let compare = AssertUnwindSafe(|| fixture::assert_approved(&snapshot, &text));
        if !warnings.is_empty() && catch_unwind(compare).is_err() {
            differ.push(snapshot);
        }
    }
    assert!(differ.is_empty(), "read and approve, or mend: {differ:#?}");
}

/// Snapshots outlive what they were made from, and nobody would notice.
#[test]
fn every_approved_file_is_still_asked_for() {
    let mut wanted: BTreeSet<String> =
        approved().unwrap().into_iter().map(|(name, _)| name).collect();
    for (name, _) in INTERESTING {
        let path = fixture::folder("generate").join(format!("{name}.yaml"));
        if !fixture::generate(&path).unwrap().warnings.is_empty() {
            wanted.insert(format!("{name}__warnings"));
        }
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("suite/generator/snapshots");
    for path in fixture::entries(&folder).unwrap() {
        let (name, is_snapshot) =
            (fixture::name(&path), path.extension().is_some_and(|end| end == "snap"));
        let is_own =
            is_snapshot && !name.starts_with("rejected__") && !name.starts_with("mended__");
        assert!(!is_own || wanted.contains(&name), "{name} is of nothing");
    }
}

#[test]
fn every_fixture_is_in_the_table() {
    let table: BTreeSet<String> = INTERESTING.iter().map(|(name, _)| (*name).to_owned()).collect();
    let on_disk: BTreeSet<String> = fixture::descriptions(&fixture::folder("generate"))
        .unwrap()
        .iter()
        .map(|path| fixture::name(path))
        .collect();
    assert_eq!(on_disk, table);
    assert_eq!(table.len(), INTERESTING.len(), "a fixture stands in the table twice");
}

#[test]
fn every_configuration_has_its_description() {
    for path in fixture::entries(&fixture::folder("generate")).unwrap() {
        if path.extension().is_some_and(|end| end == "toml") {
            assert!(path.with_extension("yaml").exists(), "{}", path.display());
        }
    }
}

#[test]
fn no_approved_file_is_too_long_to_be_read() {
    for (name, text) in approved().unwrap() {
        let lines = text.lines().count();
        assert!(lines < MANY_LINES, "{name} has {lines} lines");
    }
}

/// The same input gives the same bytes, on every run and in every order of runs.
#[test]
fn generating_twice_gives_the_same_files() {
    for path in fixture::descriptions(&fixture::folder("generate")).unwrap() {
        let (first, second) =
            (fixture::generate(&path).unwrap(), fixture::generate(&path).unwrap());
        assert_eq!(first.files, second.files, "{}", path.display());
    }
}

fn paths(output: &specwright::Output) -> Vec<&str> {
    output.files.iter().map(|(path, _)| path).collect()
}
