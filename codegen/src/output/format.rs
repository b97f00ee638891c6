//! Rust code from syntax trees.

/// Formats a file. [`prettyplease`] omits blank lines between items, so this function inserts them:
/// at the top level and in `impl` blocks, where generated code has items.
pub(super) fn format(file: &syn::File) -> String {
    separate(&prettyplease::unparse(file))
}

fn separate(code: &str) -> String {
    let mut separated = String::with_capacity(code.len() + code.len() / 16);
    // The item that ended on the previous line: its indentation and first word.
    let mut ended: Option<(usize, &str)> = None;
    let mut item = "";
    for line in code.lines() {
        let trimmed = line.trim_start_matches(' ');
        let indent = line.len() - trimmed.len();
        // Nothing to separate, as in most lines.
        if indent != 0 && indent != 4 {
            separated.push_str(line);
            separated.push('\n');
            ended = None;
            continue;
        }
        let first = trimmed.split([' ', '(', '<', ';', '!']).next().unwrap_or_default();
        if let Some((item_indent, word)) = ended
            && item_indent == indent
            && !trimmed.starts_with('}')
            && !trimmed.starts_with("//!")
            && (word != first || word == "}")
        {
            separated.push('\n');
        }
        separated.push_str(line);
        separated.push('\n');
        if indent == 0 && !trimmed.starts_with('}') {
            item = first;
        }
        ended = match trimmed {
            "}" => Some((indent, "}")),
            "};" | "];" if indent == 0 => Some((indent, item)),
            "];" => Some((indent, "const")),
            _ if trimmed.starts_with("//!") => Some((indent, "//!")),
            _ if trimmed.ends_with(';') => Some((indent, first)),
            _ => None,
        };
    }
    separated
}
