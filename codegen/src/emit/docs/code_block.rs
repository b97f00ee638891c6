//! Code blocks. rustdoc would compile and run those in Rust or without a language.

/// The start of a code block.
pub(super) struct Fence<'a> {
    character: char,
    length: usize,
    language: &'a str,
}

impl<'a> Fence<'a> {
    /// Returns the code block that a line starts.
    pub(super) fn open(line: &'a str) -> Option<Self> {
        let character = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let rest = line.trim_start_matches(character);
        let length = line.len() - rest.len();
        // `` ```code``` `` on one line is not a block.
        let is_block = length >= 3 && !(character == '`' && rest.contains('`'));
        is_block.then(|| Self { character, length, language: language(rest.trim()) })
    }

    /// Returns whether a line ends the code block.
    pub(super) fn is_closed_by(&self, line: &str) -> bool {
        line.len() >= self.length && line.chars().all(|c| c == self.character)
    }
}

/// A code block.
pub(super) struct CodeBlock<'a> {
    pub(super) fence: Fence<'a>,
    pub(super) lines: Vec<&'a str>,
}

impl CodeBlock<'_> {
    /// Adds the lines of the code block. Nothing in it ends it.
    pub(super) fn write(&self, lines: &mut Vec<String>) {
        let backticks = |line: &&str| line.trim().len() - line.trim().trim_start_matches('`').len();
        let longest = self.lines.iter().map(backticks).max().unwrap_or_default();
        let fence = "`".repeat((longest + 1).max(3));
        lines.push(format!("{fence}{}", self.fence.language));
        // Clippy warns about tabs in documentation.
        lines.extend(self.lines.iter().map(|line| line.replace('\t', "    ")));
        lines.push(fence);
    }
}

/// Returns the language of a code block, unless rustdoc takes it for Rust or for an attribute.
fn language(info: &str) -> &str {
    const ATTRIBUTES: [&str; 9] = [
        "allowfail",
        "compilefail",
        "custom",
        "edition",
        "ignore",
        "norun",
        "rust",
        "shouldpanic",
        "standalone",
    ];
    let is_name = |c: char| c.is_ascii_alphanumeric() || "-_+#".contains(c);
    let name = &info[..info.find(|c| !is_name(c)).unwrap_or(info.len())];
    let plain = name.replace(['-', '_'], "").to_ascii_lowercase();
    let is_error = plain.len() > 1
        && plain.starts_with('e')
        && plain[1..].bytes().all(|byte| byte.is_ascii_digit());
    let is_attribute = ATTRIBUTES.iter().any(|attribute| plain.starts_with(attribute));
    match name {
        _ if plain.is_empty() || is_error || is_attribute || plain == "testharness" => "text",
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::super::markdown::safe;

    #[test]
    fn code_blocks_are_closed_and_never_run() {
        for (markdown, expected) in [
            ("```json\n{}\n```", "```json\n{}\n```"),
            ("```c++ title=x\n1\n```", "```c++\n1\n```"),
            ("```rust,no_run\n1\n```", "```text\n1\n```"),
            ("```should-panic\n```\nx", "```text\n```\nx"),
            ("```{.x}\n```", "```text\n```"),
            ("```E0308\n```", "```text\n```"),
            ("~~~\nfn x(\n~~~", "```text\nfn x(\n```"),
            ("~~~ http\n```\nx", "````http\n```\nx\n````"),
            ("````\n```\n````\n<a>", "````text\n```\n````\n\\<a>"),
            ("```a``` b\n<c>", "`a` b \\<c>"),
            ("```sh\n\ta\tb\n```", "```sh\n    a    b\n```"),
            ("a\n  ```\n    b\n  ```", "a\n```text\n    b\n```"),
        ] {
            assert_eq!(safe(markdown).join("\n"), expected, "{markdown}");
        }
    }
}
