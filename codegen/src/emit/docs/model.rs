//! Documentation of models.

use std::borrow::Cow;

use super::comment::{Docs, comment, comment_lines, docs_or, wire_name};
use super::markdown::code;
use crate::ir::{EnumValue, Field, Presence, TypeDef};

/// Returns the documentation of a type.
pub(in crate::emit) fn type_definition(def: &TypeDef) -> Docs {
    let upstream = def.schema_name.as_deref();
    let fallback = match upstream {
        Some(name) => format!("The schema {}.", code(name)),
        None => format!("The schema at {}.", code(&def.pointer)),
    };
    let docs = comment([docs_or(def.docs.as_deref(), &fallback)]);
    match upstream.filter(|name| *name != def.name.0) {
        Some(name) => docs.alias(name),
        None => docs,
    }
    .deprecated(def.deprecated)
}

/// Returns the documentation of a value of an enum. If its variant has another name, the value can
/// still be searched.
pub(in crate::emit) fn enum_value(value: &EnumValue) -> Docs {
    let searched = |name: &str| -> String {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let docs = Docs::lines([code(&value.wire)]);
    let is_found = searched(&value.wire) == searched(&value.name.0);
    if is_found { docs } else { docs.alias(&value.wire) }
}

/// The documentation of a property, which its field and its setter share.
pub(in crate::emit) struct PropertyDocs<'a> {
    property: &'a Field,
    /// The Markdown of the property, or of its type if it is only a reference.
    markdown: Option<&'a str>,
    lines: Vec<String>,
}

impl<'a> PropertyDocs<'a> {
    /// Creates the documentation. `inherited` is that of the type, if the property is only a
    /// reference.
    pub(in crate::emit) fn new(property: &'a Field, inherited: Option<&'a str>) -> Self {
        let described = |docs: &&str| !docs.trim().is_empty();
        let own = property.docs.as_deref().filter(described);
        let markdown = own.or(inherited.filter(described));
        let lines = lines(property, markdown, "The");
        Self { property, markdown, lines }
    }

    /// Returns the documentation of the field.
    pub(in crate::emit) fn field(&self) -> Docs {
        Docs::lines(&self.lines).deprecated(self.property.deprecated)
    }

    /// Returns the documentation of the setter.
    pub(in crate::emit) fn setter(&self) -> Docs {
        match self.markdown {
            Some(_) => self.field(),
            None => Docs::lines(lines(self.property, None, "Sets the"))
                .deprecated(self.property.deprecated),
        }
    }
}

fn lines(property: &Field, markdown: Option<&str>, fallback: &str) -> Vec<String> {
    let wire = &property.wire;
    let is_optional = property.presence == Presence::Optional && property.constant.is_none();
    let default = property
        .default
        .as_ref()
        .filter(|_| is_optional)
        .map(|default| format!("Defaults to {} on the server.", code(default)));
    let (docs, wire) = match markdown {
        Some(docs) => (docs.into(), wire_name("JSON property", &property.name, wire)),
        None => (Cow::Owned(format!("{fallback} property {}.", code(wire))), None),
    };
    comment_lines([Some(docs.as_ref()), default.as_deref(), wire.as_deref()].into_iter().flatten())
}
