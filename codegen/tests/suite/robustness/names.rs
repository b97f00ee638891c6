//! Names that do not depend on the selection.

use std::collections::BTreeSet;

use specwright::{Config, Input, Source};

use crate::case::Case;

/// Returns the names of the types that are generated for a selection.
#[expect(clippy::panic, reason = "a test helper: the fixture is part of the test")]
fn types(selection: &str) -> BTreeSet<String> {
    let output = Case::at("generate/names-components").input().and_then(|input| {
        let config = Config::parse(Source::new("config.toml", format!("[select]\n{selection}")))?;
        specwright::generate(&Input { config, ..input })
    });
    let output = output.unwrap_or_else(|found| panic!("{}", found.render(false)));
    let files = output.files.iter().filter(|(path, _)| path.starts_with("models/"));
    let lines = files.flat_map(|(_, content)| content.lines());
    let words = lines.filter_map(|line| {
        let rest = line.strip_prefix("pub struct ").or(line.strip_prefix("pub enum "))?;
        rest.split([' ', '<', ';']).next()
    });
    words.map(str::to_owned).collect()
}

#[test]
fn components_have_the_same_names_in_every_selection() {
    let all = types("");
    for expected in [
        "Album",
        "AlbumForm",
        "Forbidden",
        "ForbiddenResponse",
        "Grade",
        "Order",
        "PageItem",
        "SearchParameter",
        "Unauthorized",
        "UnauthorizedError",
    ] {
        assert!(all.contains(expected), "{expected} is not in {all:?}");
    }
    for id in ["listAlbums", "putAlbum", "search"] {
        let some = types(&format!("operations = [\"{id}\"]"));
        assert!(some.len() > 1 && some.is_subset(&all), "{some:?} is not part of {all:?}");
    }
}
