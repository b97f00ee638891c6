//! Delimiters between values for which OpenAPI 3.0 has no style, from documents of Swagger 2.0.

use serde_json::Value;

use crate::ir::Style;
use crate::lower::context::state::Context;
use crate::spec::DELIMITER;
use crate::text::child;

/// Returns the style of the parameter, header or property of a form at a pointer, if it has a
/// delimiter without a style in OpenAPI 3.0.
pub(crate) fn delimited_at(context: &Context<'_>, pointer: &str) -> Option<Style> {
    match context.document.get(&child(pointer, DELIMITER)).and_then(Value::as_str)? {
        "space" => Some(Style::SpaceDelimited),
        "pipe" => Some(Style::PipeDelimited),
        "tab" => Some(Style::TabDelimited),
        _ => None,
    }
}

/// Returns the delimiter of a style.
pub(crate) fn delimiter(style: Style) -> Option<char> {
    match style {
        Style::SpaceDelimited => Some(' '),
        Style::PipeDelimited => Some('|'),
        Style::TabDelimited => Some('\t'),
        _ => None,
    }
}
