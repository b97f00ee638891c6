//! Parts of a `multipart` body that have no names, such as `multipart/mixed`.

use serde::Serialize;

use super::elements;
use crate::blob::{Content, collect_files};
use crate::style::form::{Part, PartsWriter};
use crate::validate::ValidationError;

/// Encodes the elements of a list as parts. `prefix` has the encodings of the first elements, and
/// `item` that of all others. Returns the media type with its boundary.
///
/// # Errors
/// Returns an error if the value is not a list, or a header of a part is invalid.
pub fn encode_parts(
    media_type: &str,
    prefix: &[Part],
    item: &[Part],
    list: &impl Serialize,
) -> Result<(String, Vec<Content>), ValidationError> {
    let (elements, files) = collect_files(|| elements(list));
    let mut writer = PartsWriter::new();
    for (index, element) in elements?.iter().enumerate() {
        let part = prefix.get(index).or(item.first()).copied().unwrap_or(Part::DEFAULT);
        writer.part(part, element, &files)?;
    }
    Ok(writer.finish(media_type))
}
