//! Positions of parts of the OpenAPI document.

use std::collections::BTreeMap;

use serde::Serialize;

use super::excerpt::IndexedSource;
use super::report::Diagnostics;
use crate::text::locate;

/// Position in an input file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    /// Name of the file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Diagnostics {
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
            for ((i, _), range) in wanted.iter().zip(locate(indexed.content(), &pointers)) {
                let (line, column) = indexed.position(range.start);
                if let Some(position) = positions.get_mut(*i) {
                    *position = Some(Position { file: source.name.clone(), line, column });
                }
            }
        }
        positions
    }
}
