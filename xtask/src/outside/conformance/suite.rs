//! The groups of the test suite: a schema with instances, each valid or not.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// The version of OpenAPI whose schemas have the meaning of a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Version {
    /// OpenAPI 3.0, whose schemas are a subset of draft 4 with changes.
    V30,
    /// OpenAPI 3.1, whose schemas are those of draft 2020-12.
    V31,
}

impl Version {
    pub(super) const ALL: [Self; 2] = [Self::V30, Self::V31];

    /// The `openapi` of a document.
    pub(super) fn openapi(self) -> &'static str {
        match self {
            Self::V30 => "3.0.3",
            Self::V31 => "3.1.0",
        }
    }

    /// The version without its last part.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::V30 => "3.0",
            Self::V31 => "3.1",
        }
    }

    /// The folder of the draft in the test suite.
    pub(super) fn draft(self) -> &'static str {
        match self {
            Self::V30 => "draft4",
            Self::V31 => "draft2020-12",
        }
    }
}

/// A schema with instances.
#[derive(Debug, Deserialize)]
pub(super) struct Group {
    /// The name of the file without extension, which is a keyword or a format.
    #[serde(skip)]
    pub(super) keyword: String,
    #[serde(rename = "description")]
    pub(super) name: String,
    pub(super) schema: Value,
    pub(super) tests: Vec<Test>,
}

/// An instance.
#[derive(Debug, Deserialize)]
pub(super) struct Test {
    #[serde(rename = "description")]
    pub(super) name: String,
    /// JSON, because numbers may be larger than any Rust type.
    pub(super) data: Box<RawValue>,
    pub(super) valid: bool,
}

/// The optional tests that matter for documents: large numbers, patterns and formats. The
/// others are about identifiers, and about keywords of other drafts.
const OPTIONAL: [&str; 4] = ["bignum", "ecmascript-regex", "float-overflow", "non-bmp-regex"];

/// Returns the groups of a version, in the order of their files.
///
/// # Errors
/// Returns an error that names a file which is not part of the suite.
pub(super) fn groups(
    files: &BTreeMap<String, String>,
    version: Version,
) -> Result<Vec<Group>, String> {
    let mut all = Vec::new();
    for (path, content) in files {
        let Some(name) = path.strip_prefix(version.draft()).and_then(|rest| rest.strip_prefix('/'))
        else {
            continue;
        };
        let name = name.trim_end_matches(".json");
        let is_selected = match name.strip_prefix("optional/") {
            Some(name) => name.starts_with("format/") || OPTIONAL.contains(&name),
            // Requires that formats are not checked; those of OpenAPI are.
            None => name != "format",
        };
        if is_selected {
            let mut groups: Vec<Group> =
                serde_json::from_str(content).map_err(|error| format!("error: {path}: {error}"))?;
            for group in &mut groups {
                group.keyword = name.trim_start_matches("optional/").to_owned();
            }
            all.append(&mut groups);
        }
    }
    Ok(all)
}
