//! The table of diagnostics. Each code has a severity, a help line, documentation, and the
//! templates of its messages. Each template is a function that takes the arguments of the message.
//!
//! A message reads `<noun> <state>; <what is done>`. A help line is imperative. A message for which
//! the help line of its code is not true has its own, after its template.
//!
//! | module | subject |
//! |---|---|
//! | `document` | files, versions, structure, references, overlays |
//! | `recovered` | invalid input that is interpreted as what it most likely means |
//! | `schema` | schemas, unions and names |
//! | `operation` | paths, parameters, bodies, responses, security, servers, webhooks, pagination |
//! | `swagger` | documents of Swagger 2.0 |
//! | `config` | the configuration, and errors of the generator itself |

use super::code::Code;

/// Declares codes with their messages.
macro_rules! diagnostics {
    ($(
        $(#[doc = $doc:literal])+
        $code:ident = $id:literal, $severity:ident, $help:literal {
            $($message:ident($($argument:ident),*) $template:literal $(, $own_help:literal)?;)+
        }
    )+) => {
        $(
            $(#[doc = $doc])+
            static $code: crate::diagnostics::code::Code = crate::diagnostics::code::Code {
                id: $id,
                severity: crate::diagnostics::code::Severity::$severity,
                help: $help,
                documentation: concat!($($doc, "\n"),+),
            };

            $(
                pub(crate) fn $message(
                    $($argument: impl std::fmt::Display),*
                ) -> crate::diagnostics::code::Message {
                    let content = format!($template);
                    let help = [$($own_help,)? $help][0];
                    crate::diagnostics::code::Message { code: &$code, content, help }
                }
            )+
        )+

        pub(super) static CODES: &[&crate::diagnostics::code::Code] = &[$(&$code),+];
    };
}

mod config;
mod document;
mod operation;
mod recovered;
mod schema;
mod swagger;

/// All messages.
pub(crate) mod messages {
    pub(crate) use super::config::*;
    pub(crate) use super::document::*;
    pub(crate) use super::operation::*;
    pub(crate) use super::recovered::*;
    pub(crate) use super::schema::*;
    pub(crate) use super::swagger::*;
}

static CODES: [&[&Code]; 6] = [
    document::CODES,
    recovered::CODES,
    schema::CODES,
    operation::CODES,
    swagger::CODES,
    config::CODES,
];

impl Code {
    /// Returns all codes, in the order of the table.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        CODES.iter().flat_map(|codes| codes.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Code;

    #[test]
    fn codes_are_unique_and_documented() {
        let mut known = BTreeSet::new();
        for code in Code::all() {
            assert!(known.insert(code.id), "duplicate code `{}`", code.id);
            assert!(code.id.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", code.id);
            assert!(code.documentation.trim().ends_with('.'), "{}", code.id);
            assert!(!code.help.ends_with('.'), "{}", code.id);
        }
    }
}
