//! Printing queries: the printed form parses into the same query.

use std::fmt::{self, Display, Write as _};

use super::ast::{Field, Query, Test};
use super::pattern::{Pattern, Piece};
use super::value::{Bound, Comparison};

impl Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_char('*'),
            Self::And(parts) => join(parts, " ", f),
            Self::Or(parts) => join(parts, " OR ", f),
            Self::Not(part) => {
                f.write_char('-')?;
                clause(part, f)
            }
            Self::Phrase(pattern) => word(pattern, f),
            Self::Field(field, test) => write!(f, "{field}:{test}"),
        }
    }
}

fn join(parts: &[Query], separator: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            f.write_str(separator)?;
        }
        clause(part, f)?;
    }
    Ok(())
}

/// Prints a query as one clause.
fn clause(query: &Query, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match query {
        Query::And(_) | Query::Or(_) => write!(f, "({query})"),
        query => query.fmt(f),
    }
}

impl Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Attribute(path) => {
                f.write_char('@')?;
                path
            }
            Self::Tag(name) => name,
        };
        // Unescaped, these two test whether an attribute exists.
        if matches!(name.as_str(), "_exists_" | "_missing_") {
            f.write_char('\\')?;
            return f.write_str(name);
        }
        escaped(name, f)
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exists => f.write_char('*'),
            Self::Is(pattern) => word(pattern, f),
            Self::Compare(comparison, bound) => write!(f, "{comparison}{bound}"),
            Self::Range { low, high } => {
                f.write_char(if matches!(low, Some((_, false))) { '{' } else { '[' })?;
                bound(low.as_ref().map(|(bound, _)| bound), f)?;
                f.write_str(" TO ")?;
                bound(high.as_ref().map(|(bound, _)| bound), f)?;
                f.write_char(if matches!(high, Some((_, false))) { '}' } else { ']' })
            }
        }
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
        })
    }
}

fn bound(bound: Option<&Bound>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match bound {
        None => f.write_char('*'),
        Some(Bound::Number(number)) => write!(f, "{number}"),
        Some(Bound::String(string)) => phrase(string, f),
    }
}

/// Prints a pattern, quoted if the unquoted form would have another meaning.
fn word(pattern: &Pattern, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match pattern.as_literal() {
        Some(literal) if is_word(literal) => f.write_str(literal),
        Some(literal) => phrase(literal, f),
        None => pattern.pieces().iter().try_for_each(|piece| match piece {
            Piece::Any => f.write_char('*'),
            Piece::One => f.write_char('?'),
            Piece::Literal(literal) => escaped(literal, f),
        }),
    }
}

fn is_word(string: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || "._-/@".contains(c);
    !matches!(string, "" | "AND" | "OR" | "NOT")
        && !string.starts_with('-')
        && string.chars().all(is_plain)
}

fn phrase(string: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "\"{}\"", string.replace('\\', "\\\\").replace('"', "\\\""))
}

fn escaped(string: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for c in string.chars() {
        if !c.is_alphanumeric() && !"._/@".contains(c) {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    Ok(())
}
