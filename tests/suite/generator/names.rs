//! Names that no selection changes.

use std::collections::BTreeSet;

use specwright::Config;
use specwright::Source;

use super::fixture;

/// The names of the types in generated code.
#[expect(clippy::panic, reason = "a test helper: the fixture is part of the test")]
fn types(selection: &str) -> BTreeSet<String> {
    let path = fixture::folder("generate").join("names-components.yaml");
    let input = fixture::input(&path).map(|input| {
        let config = Config::parse(Source::new("config.toml", format!("[select]\n{selection}")));
        config.map(|config| specwright::Input { config, ..input })
    });
    let input = input.and_then(|input| input);
    let output = input.and_then(|input| specwright::generate(&input));
    let output = output.unwrap_or_else(|found| panic!("{}", found.render(false)));
    let files = output.files.iter().filter(|(path, _)| path.starts_with("models/"));
    let lines = files.flat_map(|(_, text)| text.lines());
    let words = lines.filter_map(|line| {
        let rest = line.strip_prefix("pub struct ").or(line.strip_prefix("pub enum "))?;
        rest.split([' ', '<', ';']).next()
    });
    words.map(str::to_owned).collect()
}

#[test]
fn what_is_written_in_components_has_the_same_name_in_every_selection() {
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
        assert!(all.contains(expected), "{expected} is not among {all:?}");
    }
    for id in ["listAlbums", "putAlbum", "search"] {
        let some = types(&format!("operations = [\"{id}\"]"));
        assert!(some.len() > 1 && some.is_subset(&all), "{some:?} is not within {all:?}");
    }
}

/// That the compiler warns is what is tested: without a warning, the expectation is an error.
#[test]
#[expect(deprecated, reason = "they are what is tested")]
fn the_compiler_warns_of_operations_that_are_deprecated() {
    use workspace_tests::deprecated_operations::Client;
    let client = Client::builder().base_url("http://localhost").build().unwrap();
    let _ = client.get_old();
}

/// As above, in its own function because one warning would be enough for both.
#[test]
#[expect(deprecated, reason = "it is what is tested")]
fn the_compiler_warns_of_deprecated_calls_that_block() {
    use workspace_tests::deprecated_operations::{Client, blocking};
    let client = Client::builder().base_url("http://localhost").build().unwrap();
    let _ = blocking::Client::new(client).unwrap().put_old();
}

/// And no warning where there is nothing to warn of: warnings are errors here.
#[test]
fn the_compiler_does_not_warn_of_others() {
    use workspace_tests::deprecated_operations::Client;
    let client = Client::builder().base_url("http://localhost").build().unwrap();
    let _ = client.put_new();
}
