//! Spans of prose that rustdoc renders as intended: code, links and URLs.

use std::collections::HashMap;

/// The maximum length of the target of a link, in characters.
const MAX_TARGET: usize = 4000;

/// The maximum length of code in a row of a table, in bytes.
const MAX_SPLIT: usize = 20_000;

/// The number of parentheses in each other in the target of a link.
const MAX_PARENTHESES: usize = 32;

/// Escapes brackets and angle brackets, and turns bare URLs into links. Code in backticks is
/// unchanged, but split at `|` in a row of a table.
pub(super) fn escape(prose: &str, is_row: bool) -> String {
    if !prose.contains(['`', '[', ']', '<', '\\', '~']) && !prose.contains("http") {
        return prose.to_owned();
    }
    let mut escaped = String::with_capacity(prose.len() + 16);
    add(prose, Within { is_label: false, is_row }, &mut escaped);
    escaped
}

/// What prose is a part of.
#[derive(Clone, Copy)]
struct Within {
    /// The label of a link, in which no other link can be.
    is_label: bool,
    /// A row of a table.
    is_row: bool,
}

/// Adds escaped prose.
fn add(prose: &str, within: Within, escaped: &mut String) {
    let is_label = within.is_label;
    let runs = Runs::of(prose);
    let mut rest = prose;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '`' => runs.code_span(prose.len() - rest.len(), within.is_row, escaped),
            '[' if !is_label => link(rest, within, escaped),
            '<' if !is_label => angle(rest, escaped),
            'h' if !is_label => url(rest, escaped),
            '~' => tildes(rest, escaped),
            // An image would be loaded when the documentation is shown.
            '!' if !is_label && link_parts(&rest[1..]).is_some() => {
                escaped.push_str("\\!");
                1
            }
            // A character that the document escapes is not escaped again.
            '\\' if rest[1..].starts_with(|c: char| c.is_ascii_punctuation()) => {
                escaped.push_str(&rest[..2]);
                2
            }
            '[' | ']' | '<' => {
                escaped.extend(['\\', c]);
                1
            }
            c => {
                escaped.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
}

/// Adds the tildes at the start of `rest`, which begin no code block. Returns their length.
fn tildes(rest: &str, escaped: &mut String) -> usize {
    let length = rest.len() - rest.trim_start_matches('~').len();
    match length {
        1 | 2 => escaped.push_str(&rest[..length]),
        _ => escaped.push_str(&"\\~".repeat(length)),
    }
    length
}

/// The runs of backticks in prose. They are found once, because each could end at any later one.
struct Runs<'a> {
    prose: &'a str,
    /// The offsets of the runs of each length.
    by_length: HashMap<usize, Vec<usize>>,
}

impl<'a> Runs<'a> {
    fn of(prose: &'a str) -> Self {
        let mut by_length: HashMap<usize, Vec<usize>> = HashMap::new();
        let mut at = 0;
        while let Some(found) = prose[at..].find('`') {
            let start = at + found;
            let length = backticks(&prose[start..]);
            by_length.entry(length).or_default().push(start);
            at = start + length;
        }
        Self { prose, by_length }
    }

    /// Returns the offset of the first run of a length after an offset.
    fn next(&self, length: usize, at: usize) -> Option<usize> {
        let runs = self.by_length.get(&length)?;
        runs.get(runs.partition_point(|run| *run < at)).copied()
    }

    /// Adds the code at an offset, or its backticks if none close it. Returns their length.
    fn code_span(&self, at: usize, is_row: bool, escaped: &mut String) -> usize {
        let fence = backticks(&self.prose[at..]);
        let start = at + fence;
        match self.next(fence, start).and_then(|end| Some((end, self.code(start, end, is_row)?))) {
            Some((end, code)) => {
                escaped.push_str(&code);
                end + fence - at
            }
            None => {
                escaped.push_str(&"\\`".repeat(fence));
                fence
            }
        }
    }

    /// Returns the code between two offsets, unless no fence fits.
    fn code(&self, start: usize, end: usize, is_row: bool) -> Option<String> {
        let content = &self.prose[start..end];
        // A row of a table ends at `|`, and the code with it.
        let is_split = is_row
            && content.len() <= MAX_SPLIT
            && content.contains('|')
            && content.contains(['<', '[', '!']);
        if is_split {
            let parts = content.split('|').map(|part| span(part.trim_end_matches('\\')));
            return Some(parts.collect::<Option<Vec<_>>>()?.join("\\|"));
        }
        let has = |length| self.next(length, start).is_some_and(|run| run < end);
        let is_possible = !(has(1) && has(2)) && (!is_row || content.len() <= MAX_SPLIT);
        is_possible.then(|| span(content)).flatten()
    }
}

/// Returns the number of backticks at the start of a string.
fn backticks(string: &str) -> usize {
    string.len() - string.trim_start_matches('`').len()
}

/// Returns the content of a code span between one or two backticks, since three could begin a code
/// block. Returns none if neither fits.
fn span(content: &str) -> Option<String> {
    if content.is_empty() {
        return Some(String::new());
    }
    let runs: Vec<usize> = content.split(|c| c != '`').map(str::len).collect();
    let fence = ["`", "``"].into_iter().find(|fence| !runs.contains(&fence.len()))?;
    let pad = if content.starts_with('`') || content.ends_with('`') { " " } else { "" };
    Some(format!("{fence}{pad}{content}{pad}{fence}"))
}

/// Adds the link at the start of `rest`, or a bracket. Returns the length of what was added.
fn link(rest: &str, within: Within, escaped: &mut String) -> usize {
    let Some((label, target, length)) = link_parts(rest) else {
        escaped.push_str("\\[");
        return 1;
    };
    escaped.push('[');
    add(label, Within { is_label: true, ..within }, escaped);
    escaped.extend(["](", target, ")"]);
    length
}

/// Returns the label, target and length of the link `[label](target)`, if rustdoc would not take
/// the target for the path of an item.
fn link_parts(rest: &str) -> Option<(&str, &str, usize)> {
    // A label with another bracket is not one, and long targets would take quadratic time.
    let label = rest.strip_prefix('[')?;
    let (label, after) = label.split_at_checked(label.find(['[', ']'])?)?;
    let after = after.strip_prefix(']')?;
    let after = after.strip_prefix('(')?;
    let (mut depth, mut length) = (0_usize, 0_usize);
    let end = after.find(|c: char| {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return true,
            ')' => depth -= 1,
            _ => {}
        }
        length += 1;
        c.is_whitespace() || "<>`\\\"".contains(c) || length > MAX_TARGET || depth > MAX_PARENTHESES
    })?;
    let target = &after[..end];
    let is_link = after[end..].starts_with(')') && is_outside(target);
    let length = rest.len() - after.len() + end + 1;
    is_link.then_some((label, target, length))
}

/// Whether a target is outside of the code, and has no scheme that runs a script.
fn is_outside(target: &str) -> bool {
    // What starts with a path has no scheme. An escaped character could complete one.
    let is_name = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let is_path = target.split_once('/').is_some_and(|(first, _)| first.chars().all(is_name));
    is_url(target) || is_path || target.starts_with('#') || target.starts_with("mailto:")
}

/// Adds the URL in angle brackets at the start of `rest`, or a bracket. Returns the length of what
/// was added.
fn angle(rest: &str, escaped: &mut String) -> usize {
    let end = rest[1..].find(|c: char| c.is_whitespace() || "<>".contains(c)).map(|end| end + 1);
    match end {
        Some(end) if is_url(&rest[1..]) && rest[end..].starts_with('>') => {
            escaped.push_str(&rest[..=end]);
            end + 1
        }
        _ => {
            escaped.push_str("\\<");
            1
        }
    }
}

/// Adds the URL at the start of `rest` as a link, or one character. Returns the length of what was
/// added.
fn url(rest: &str, escaped: &mut String) -> usize {
    if !is_url(rest) {
        escaped.push('h');
        return 1;
    }
    let end = rest.find(|c: char| c.is_whitespace() || "<>()[]\"'`\\|".contains(c));
    let url = rest[..end.unwrap_or(rest.len())].trim_end_matches(['.', ',', ';', ':', '*']);
    escaped.extend(["<", url, ">"]);
    url.len()
}

fn is_url(string: &str) -> bool {
    string.starts_with("http://") || string.starts_with("https://")
}
