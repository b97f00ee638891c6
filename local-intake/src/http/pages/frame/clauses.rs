//! Adding a clause to a query, and removing it.

use crate::query::Query;

/// Returns a query that requires a clause in addition, unless it does so already.
pub(in crate::http::pages) fn with_clause(query: &str, clause: &str) -> String {
    if without_clause(query, clause).is_some() {
        return query.to_owned();
    }
    let query = trimmed(query);
    match query.parse() {
        Ok(Query::All) => clause.to_owned(),
        Ok(Query::Or(_)) => format!("({query}) {clause}"),
        _ => format!("{query} {clause}"),
    }
}

/// Returns a query without a clause that it requires. Returns `None` if it requires no such clause, or
/// only together with others.
pub(in crate::http::pages) fn without_clause(query: &str, clause: &str) -> Option<String> {
    let wanted: Query = clause.parse().ok()?;
    let parts = match query.parse().ok()? {
        Query::And(parts) => parts,
        other => vec![other],
    };
    let written: Vec<&str> = words(query).into_iter().filter(|word| *word != "AND").collect();
    // Words that are not whole clauses, such as a negation and what it negates, do not agree.
    let agrees = |(word, part): (&&str, &Query)| word.parse().is_ok_and(|it: Query| it == *part);
    if written.len() != parts.len() || !written.iter().zip(&parts).all(agrees) {
        return None;
    }
    let found = parts.iter().position(|part| *part == wanted)?;
    let kept = written.iter().enumerate().filter(|(i, _)| *i != found).map(|(_, word)| *word);
    Some(kept.collect::<Vec<_>>().join(" "))
}

/// Returns a query without white space around it, which may be a part of it after a backslash.
pub(in crate::http::pages) fn trimmed(query: &str) -> &str {
    let trimmed = query.trim();
    match trimmed.parse::<Query>() {
        Err(_) if query.parse::<Query>().is_ok() => query.trim_start(),
        _ => trimmed,
    }
}

/// Splits a query at white space that is not quoted, escaped or in brackets.
fn words(query: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut depth) = (None, 0_usize);
    let (mut is_quoted, mut is_escaped) = (false, false);
    for (i, next) in query.char_indices() {
        if next.is_whitespace() && !is_quoted && !is_escaped && depth == 0 {
            words.extend(start.take().and_then(|start| query.get(start..i)));
            continue;
        }
        start.get_or_insert(i);
        match next {
            _ if is_escaped => {}
            '"' => is_quoted = !is_quoted,
            '(' | '[' | '{' if !is_quoted => depth += 1,
            ')' | ']' | '}' if !is_quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        is_escaped = next == '\\' && !is_escaped;
    }
    words.extend(start.and_then(|start| query.get(start..)));
    words
}

#[cfg(test)]
mod tests {
    use super::{trimmed, with_clause, without_clause};

    const ERROR: &str = "@ci.status:\"error\"";

    #[test]
    fn required_clauses_are_removed() {
        for (query, expected) in [
            (ERROR, Some("")),
            ("@ci.status:error", Some("")),
            ("@ci.status:error ", Some("")),
            ("a @ci.status:error", Some("a")),
            ("a  AND @ci.status:error AND \"b c\"", Some("a \"b c\"")),
            ("(a OR b) @ci.status:error", Some("(a OR b)")),
            ("@x:[1 TO 2] x:a\\ b @ci.status:error", Some("@x:[1 TO 2] x:a\\ b")),
            ("", None),
            ("-@ci.status:\"error\"", None),
            ("NOT @ci.status:\"error\"", None),
            ("- @ci.status:\"error\" b", None),
            ("a OR @ci.status:\"error\"", None),
            ("@ci.status:\"error\" OR a", None),
            ("a OR @ci.status:\"error\" b", None),
            ("(a @ci.status:\"error\")", None),
            ("x@ci.status:\"error\"", None),
            ("a:\"b @ci.status:\\\"error\\\" c\"", None),
            ("@ci.status:\"error", None),
            ("@ci.status:err*", None),
        ] {
            assert_eq!(without_clause(query, ERROR).as_deref(), expected, "{query}");
        }
        // A value in quotation marks has no wildcards.
        assert_eq!(without_clause("a:\"x*\"", "a:x*"), None);
        assert_eq!(without_clause("a:x\\*", "a:\"x*\"").as_deref(), Some(""));
    }

    #[test]
    fn clauses_are_added_once() {
        for (query, expected) in [
            ("", ERROR),
            ("  ", ERROR),
            ("*", ERROR),
            ("a ", "a @ci.status:\"error\""),
            ("a OR b", "(a OR b) @ci.status:\"error\""),
            ("a\tOR\tb", "(a\tOR\tb) @ci.status:\"error\""),
            ("(a OR b)", "((a OR b)) @ci.status:\"error\""),
            ("\"a OR b\"", "\"a OR b\" @ci.status:\"error\""),
            ("-@ci.status:\"error\"", "-@ci.status:\"error\" @ci.status:\"error\""),
            ("x:a\\ ", "x:a\\  @ci.status:\"error\""),
            ("@ci.status:error", "@ci.status:error"),
        ] {
            let added = with_clause(query, ERROR);
            assert_eq!(added, expected);
            assert_eq!(with_clause(&added, ERROR), added);
        }
        assert_eq!([" a\\ ", " a ", " ( "].map(trimmed), ["a\\ ", "a", "("]);
    }
}
