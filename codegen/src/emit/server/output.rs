//! The output of an operation, and the title of the API.

use crate::emit::context::Context;
use crate::ir::{Operation, Output};

/// Returns the output of an operation on a server.
pub(super) fn output(operation: &Operation) -> &Output {
    operation.server_output.as_ref().unwrap_or(&operation.output)
}

/// Returns the title of the API for comments.
pub(super) fn title(context: Context<'_>) -> &str {
    match context.api.title.as_str() {
        "" => "an API",
        title => title,
    }
}
