//! Which operations the configuration selects.

use std::collections::BTreeSet;

use serde_json::Value;
use toml::Spanned;

use super::methods::METHODS;
use crate::config::{Config, report_unmatched};
use crate::diagnostics::Diagnostics;

/// The selection of the configuration, with the options that matched.
pub(super) struct Filter<'a> {
    config: &'a Config,
    used: Vec<&'a Spanned<String>>,
    available: Available,
}

/// What can be selected, to make suggestions for misspelled options.
#[derive(Default)]
struct Available {
    tags: BTreeSet<String>,
    operations: BTreeSet<String>,
    paths: BTreeSet<String>,
}

/// The properties by which an operation is selected.
struct Candidate<'a> {
    tags: Vec<&'a str>,
    id: Option<&'a str>,
    method: &'a str,
    path: &'a str,
}

impl<'a> Filter<'a> {
    pub(super) fn new(config: &'a Config) -> Self {
        Self { config, used: Vec::new(), available: Available::default() }
    }

    /// Returns whether an operation is selected. `call` is its method and path. Webhooks have none, and
    /// are not selected by method.
    pub(super) fn selects(&mut self, call: Option<(&str, &str)>, operation: &Value) -> bool {
        let select = &self.config.select;
        let tags = operation["tags"].as_array().into_iter().flatten().filter_map(Value::as_str);
        let id = operation["operationId"].as_str();
        let (method, path) = call.unwrap_or_default();
        let candidate = Candidate { tags: tags.collect(), id, method, path };
        if !select.is_empty() {
            self.available.add(&candidate);
        }
        let matching = candidate.matching(&select.tags, &select.operations, &select.paths);
        let all = select.tags.is_empty() && select.operations.is_empty() && select.paths.is_empty();
        if !all && matching.is_empty() {
            return false;
        }
        self.used.extend(matching);
        let methods = &select.methods;
        let method = methods.iter().find(|wanted| wanted.get_ref().eq_ignore_ascii_case(method));
        if call.is_some() && !methods.is_empty() && method.is_none() {
            return false;
        }
        self.used.extend(method);
        let excluded = candidate.matching(
            &select.except_tags,
            &select.except_operations,
            &select.except_paths,
        );
        let is_selected = excluded.is_empty();
        self.used.extend(excluded);
        is_selected
    }

    /// Reports the options that match nothing.
    pub(super) fn report(&self, diagnostics: &mut Diagnostics) {
        let select = &self.config.select;
        let available = &self.available;
        let methods = METHODS.iter().map(|method| method.to_uppercase()).collect();
        let kinds = [
            ("operation with the tag", &select.tags, &available.tags),
            ("operation with the id", &select.operations, &available.operations),
            ("operation under the path", &select.paths, &available.paths),
            ("selected operation with the method", &select.methods, &methods),
            ("selected operation with the tag", &select.except_tags, &available.tags),
            ("selected operation with the id", &select.except_operations, &available.operations),
            ("selected operation under the path", &select.except_paths, &available.paths),
        ];
        for (what, options, names) in kinds {
            let unused = |option: &&Spanned<String>| {
                !self.used.iter().any(|used| std::ptr::eq(*used, *option))
            };
            for option in options.iter().filter(unused) {
                let written = option.get_ref().as_str();
                let is_method = METHODS.iter().any(|known| known.eq_ignore_ascii_case(written));
                let what = match what.rsplit(' ').next() {
                    Some("id") if call(written).is_some() => what.trim_end_matches(" with the id"),
                    Some("method") if !is_method => "method",
                    _ => what,
                };
                // Methods are taken in any case.
                let names = names.iter().map(String::as_str).filter(|_| !is_method);
                report_unmatched(what, option, names, diagnostics);
            }
        }
    }
}

impl Available {
    fn add(&mut self, candidate: &Candidate<'_>) {
        self.tags.extend(candidate.tags.iter().map(|tag| (*tag).to_owned()));
        self.operations.extend(candidate.id.map(str::to_owned));
        let (method, path) = (candidate.method.to_uppercase(), candidate.path);
        if path.is_empty() {
            return;
        }
        self.operations.insert(format!("{method} {path}"));
        // A path also matches everything below it.
        let ends = path.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0);
        for end in ends.chain([path.len()]) {
            self.paths.insert(path[..end].to_owned());
        }
    }
}

impl Candidate<'_> {
    /// Returns the options that match.
    fn matching<'o>(
        &self,
        tags: &'o [Spanned<String>],
        operations: &'o [Spanned<String>],
        paths: &'o [Spanned<String>],
    ) -> Vec<&'o Spanned<String>> {
        let tags = tags.iter().filter(|tag| self.tags.contains(&tag.get_ref().as_str()));
        let operations = operations.iter().filter(|name| {
            let name = name.get_ref().as_str();
            self.id == Some(name)
                || call(name).is_some_and(|(method, path)| self.has(method) && self.path == path)
        });
        let paths = paths.iter().filter(|path| match call(path.get_ref()) {
            Some((method, path)) => self.has(method) && matches(self.path, path),
            None => matches(self.path, path.get_ref()),
        });
        tags.chain(operations).chain(paths).collect()
    }

    fn has(&self, method: &str) -> bool {
        self.method.eq_ignore_ascii_case(method)
    }
}

/// Splits `METHOD /path`.
fn call(option: &str) -> Option<(&str, &str)> {
    option.split_once(' ').filter(|(_, path)| path.starts_with('/'))
}

/// Returns whether a path is at or below another one. A pattern with wildcards must match the whole
/// path.
fn matches(path: &str, pattern: &str) -> bool {
    if pattern.contains('*') {
        let (path, pattern): (Vec<_>, Vec<_>) =
            (path.split('/').collect(), pattern.split('/').collect());
        return matches_segments(&path, &pattern);
    }
    path.strip_prefix(pattern.trim_end_matches('/'))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn matches_segments(path: &[&str], pattern: &[&str]) -> bool {
    // For each segment of the pattern, one row: which prefixes of the path match so far.
    let mut reached = vec![false; path.len() + 1];
    reached[0] = true;
    for part in pattern {
        let mut next = vec![false; path.len() + 1];
        for i in 0..=path.len() {
            next[i] = match *part {
                "**" => reached[i] || (i > 0 && next[i - 1]),
                part => i > 0 && reached[i - 1] && matches_segment(path[i - 1], part),
            };
        }
        reached = next;
    }
    reached[path.len()]
}

/// Returns whether a segment matches a pattern, in which `*` is any string.
fn matches_segment(part: &str, pattern: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return part == pattern };
    let Some(mut part) = part.strip_prefix(first) else { return false };
    let (middle, last) = rest.rsplit_once('*').map_or(("", rest), |(middle, last)| (middle, last));
    for literal in middle.split('*').filter(|literal| !literal.is_empty()) {
        match part.find(literal) {
            Some(at) => part = &part[at + literal.len()..],
            None => return false,
        }
    }
    part.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn paths_match_by_prefix_and_wildcards_as_a_whole() {
        for (path, pattern, expected) in [
            ("/pets", "/pets", true),
            ("/pets/{id}", "/pets", true),
            ("/petshop", "/pets", false),
            ("/pets/{id}", "/pets/*", true),
            ("/pets", "/pets/*", false),
            ("/pets/{id}/toys", "/pets/*", false),
            ("/pets/{id}/toys", "/pets/**", true),
            ("/pets", "/pets/**", true),
            ("/a/b/c/users", "/**/users", true),
            ("/users", "/**/users", true),
            ("/users/x", "/**/users", false),
            ("/v2/x/y", "/v*/x/*", true),
            ("/v2/x/y", "/*2/**/y", true),
            ("/ab", "/a*b*b", false),
            ("/abcb", "/a*b*b", true),
            ("/é", "/*é*", true),
            ("", "**", true),
        ] {
            assert_eq!(matches(path, pattern), expected, "{path} {pattern}");
        }
    }
}
