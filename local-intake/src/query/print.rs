//! A query as text: what is printed is read back as the same query.

use std::fmt::{self, Display, Write as _};

use super::{Bound, Comparison, Field, Pattern, Piece, Query, Test};

impl Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_char('*'),
            Self::And(parts) => parts_of(parts, " ", f),
            Self::Or(parts) => parts_of(parts, " OR ", f),
            Self::Not(part) => {
                f.write_char('-')?;
                single(part, f)
            }
            Self::Text(pattern) => word(pattern, f),
            Self::Field(field, test) => write!(f, "{field}:{test}"),
        }
    }
}

fn parts_of(parts: &[Query], between: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        single(part, f)?;
    }
    Ok(())
}

/// A query as one clause.
fn single(query: &Query, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
        // As they stand, these two ask for the attribute behind them.
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
        Some(Bound::Text(text)) => phrase(text, f),
    }
}

/// A pattern: as a phrase where a text as it stands would mean something else.
fn word(pattern: &Pattern, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match pattern.as_literal() {
        Some(text) if is_word(text) => f.write_str(text),
        Some(text) => phrase(text, f),
        None => pattern.pieces().iter().try_for_each(|piece| match piece {
            Piece::Any => f.write_char('*'),
            Piece::One => f.write_char('?'),
            Piece::Literal(text) => escaped(text, f),
        }),
    }
}

fn is_word(text: &str) -> bool {
    let is_plain = |c: char| c.is_alphanumeric() || "._-/@".contains(c);
    !matches!(text, "" | "AND" | "OR" | "NOT")
        && !text.starts_with('-')
        && text.chars().all(is_plain)
}

fn phrase(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn escaped(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for c in text.chars() {
        if !c.is_alphanumeric() && !"._/@".contains(c) {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    Ok(())
}
