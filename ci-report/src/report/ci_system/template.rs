//! Values from variables.

use crate::settings::Environment;

/// Replaces the variables of a template: `{A}` is the value of the variable `A`, `{A|:}` the part of
/// it before the first colon. Returns `None` if one of them is not set.
pub(super) fn expand(template: &str, environment: &Environment) -> Option<String> {
    let mut parts = template.split('{');
    let mut expanded = parts.next()?.to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}')?;
        let value = match name.split_once('|') {
            Some((name, separator)) => environment.get(name)?.split(separator).next()?,
            None => environment.get(name)?,
        };
        expanded += value;
        expanded += rest;
    }
    Some(expanded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_replaced() {
        let environment = [("A", "x:1"), ("B", "y"), ("EMPTY", "")].into_iter().collect();
        let expanded = |template| expand(template, &environment);
        assert_eq!(expanded("{A|:}/{B}.git").as_deref(), Some("x/y.git"));
        assert_eq!(expanded("{A}/{EMPTY}"), None);
        assert_eq!(expanded("{A"), None);
    }
}
