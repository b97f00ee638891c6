//! Diagnostics control neither the terminal nor Cargo.

use specwright::{Config, Input, Source};

/// Checks what is printed: no character that a terminal acts on, except for blank ones.
pub(super) fn check(printed: &str) -> Result<(), String> {
    let is_control = |c: &char| {
        let is_direction = matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        (c.is_control() && !matches!(c, '\n' | '\t')) || is_direction
    };
    match printed.chars().find(is_control) {
        Some(c) => Err(format!("{c:?} is printed: {printed:?}")),
        None => Ok(()),
    }
}

/// Checks a line that a build script prints. Another line could be an instruction for Cargo.
pub(super) fn check_line(line: &str) -> Result<(), String> {
    check(line)?;
    if line.contains('\n') { Err(format!("{line:?} has several lines")) } else { Ok(()) }
}

#[test]
fn diagnostics_have_no_control_characters() -> Result<(), String> {
    let hostile =
        "\u{1b}[2J\u{1b}]0;title\u{7}\r\n\ncargo::rustc-env=A=zzPwned\u{8}\u{9b}31m\u{202e}";
    let quoted = serde_json::json!(hostile).to_string();
    for document in [
        // Messages with strings of the document, and excerpts of it.
        format!("{{\"openapi\": {quoted}}}"),
        format!("{{\"swagger\": {quoted}}}"),
        format!(
            "{{\"openapi\": \"3.0.3\", \"info\": {{\"title\": \"\", \"version\": \"\"}}, \"paths\": {{\"/a\": {{\"get\": {{\"operationId\": {quoted}, \"parameters\": [{{\"$ref\": {quoted}}}], \"responses\": {{{quoted}: {{\"summary\": \"\"}}}}}}}}}}}}"
        ),
        format!(
            "{{\"openapi\": \"3.1.0\", \"info\": {{\"title\": \"\", \"version\": \"\"}}, \"paths\": {{{quoted}: {{\"get\": {{\"responses\": {{\"200\": {{\"$ref\": {quoted}}}}}}}}}}}, \"components\": {{\"schemas\": {{{quoted}: {{\"type\": {quoted}, \"pattern\": {quoted}, {quoted}: 1}}}}}}}}"
        ),
        format!("a: [{hostile}"),
        format!("openapi: 3.0.3\n\"{hostile}\": {hostile}"),
        format!(
            "openapi: 3.0.3 # {hostile}\npaths: {{ /a: {{ get: {{ responses: {{ x: {{ }} }} }} }} }} # {hostile}"
        ),
        format!("&{hostile} *{hostile} !{hostile} %{hostile}"),
    ] {
        let name = format!("a{hostile}.yaml");
        let mut input = Input::new(Source::new(name, document.clone()), Config::default());
        input.overlays.push(Source::new("o.json", format!("{{\"overlay\": \"1.1.0\", \"info\": {{\"title\": \"\", \"version\": \"\"}}, \"actions\": [{{\"target\": {quoted}}}, {{\"target\": {quoted}, \"a{}\": 1}}]}}", "\\u001b[2J")));
        let (found, is_accepted) = match specwright::generate(&input) {
            Ok(output) => (output.warnings, true),
            Err(found) => (found, false),
        };
        assert!(!is_accepted && !found.is_empty(), "{document}");
        check(&found.render(false))?;
        found.lines().try_for_each(|line| check_line(&line))?;
    }
    Ok(())
}

#[test]
fn configurations_have_no_control_characters() -> Result<(), String> {
    for config in [
        "\u{1b}[2J = 1",
        "overlays = ['\u{1b}[2J']",
        "\"\\u001b[2J\" = 1",
        "[select]\ntags = [\"\\u001b[2J\"]",
    ] {
        let source = Source::new("c\u{1b}[2J.toml", config);
        let found = match Config::parse(source) {
            Ok(config) => {
                let spec = "openapi: 3.0.3\ninfo: { title: T, version: '1' }\npaths: {}";
                specwright::generate(&Input::new(Source::new("a.yaml", spec), config)).err()
            }
            Err(found) => Some(found),
        };
        let found = found.ok_or_else(|| format!("{config:?} is accepted"))?;
        check(&found.render(false))?;
    }
    Ok(())
}
