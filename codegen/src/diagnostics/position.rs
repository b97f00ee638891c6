//! Positions of parts of the OpenAPI document.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::excerpt::IndexedSource;
use super::report::Diagnostics;
use crate::text::locate;

/// Position in an input file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    /// Name of the file.
    pub file: String,
    /// JSON pointer in the file.
    pub pointer: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl Diagnostics {
    /// Returns the JSON pointer that a part of the merged document has in the file that contains it, as
    /// written. Parts of Swagger 2.0 have another one after the upgrade.
    #[must_use]
    pub fn as_written(&self, pointer: &str) -> String {
        self.sources.origins.get(pointer).pointer
    }

    /// Returns the position of each JSON pointer of the merged document. Each file is searched once.
    pub(crate) fn positions(&self, pointers: &[&str]) -> Vec<Option<Position>> {
        let mut positions = vec![None; pointers.len()];
        let mut wanted: BTreeMap<usize, Vec<(usize, String)>> = BTreeMap::new();
        for (i, pointer) in pointers.iter().enumerate() {
            let origin = self.sources.origins.get(pointer);
            wanted.entry(origin.document).or_default().push((i, origin.pointer));
        }
        for (document, wanted) in wanted {
            let Some(source) = self.sources.documents.get(document) else { continue };
            let indexed = IndexedSource::new(source);
            let pointers: Vec<&str> = wanted.iter().map(|(_, pointer)| pointer.as_str()).collect();
            for ((i, pointer), range) in wanted.iter().zip(locate(indexed.content(), &pointers)) {
                let (line, column) = indexed.position(range.start);
                if let Some(position) = positions.get_mut(*i) {
                    let (file, pointer) = (source.name.clone(), pointer.clone());
                    *position = Some(Position { file, pointer, line, column });
                }
            }
        }
        positions
    }
}
