//! Options about what types become: derives, attributes, and types of the user.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::diagnostics::{Diagnostics, Location, messages};

/// Options about what types become. They are trusted: derives, attributes and paths are written into
/// generated code as they are.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct TypeOptions {
    /// Derives of all structs, enums and unions.
    pub derives: Vec<Spanned<String>>,
    /// Attributes of all structs, enums and unions, without `#[` and `]`.
    pub attributes: Vec<Spanned<String>>,
    /// Derives and attributes of structs.
    pub structs: KindOptions,
    /// Derives and attributes of enums.
    pub enums: KindOptions,
    /// Derives and attributes of unions.
    pub unions: KindOptions,
    /// Schema → what its type becomes.
    pub schemas: BTreeMap<Spanned<String>, SchemaOptions>,
    /// Format → type of the user. `TYPE:FORMAT` is a format of one JSON type, and `TYPE:` that type
    /// without a format.
    pub formats: BTreeMap<Spanned<String>, UserType>,
}

/// Derives and attributes of a kind of types.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct KindOptions {
    /// Derives.
    pub derives: Vec<Spanned<String>>,
    /// Attributes, without `#[` and `]`.
    pub attributes: Vec<Spanned<String>>,
}

/// What the type of a schema becomes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct SchemaOptions {
    /// Path of a type that replaces it.
    #[serde(rename = "type")]
    pub path: Option<String>,
    /// Module whose functions `serialize` and `deserialize` encode and decode that type.
    pub with: Option<String>,
    /// Derives.
    pub derives: Vec<Spanned<String>>,
    /// Attributes, without `#[` and `]`.
    pub attributes: Vec<Spanned<String>>,
}

/// A type of the user: its path, or a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserType {
    /// Path of the type, such as `uuid::Uuid` or `crate::money::Money`.
    pub path: String,
    /// Module whose functions `serialize` and `deserialize` encode and decode it. By default, the
    /// type implements `serde::Serialize` and `serde::Deserialize`.
    pub with: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(rename = "type")]
    path: String,
    with: Option<String>,
}

impl<'de> Deserialize<'de> for UserType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PathOrTable;

        impl<'de> Visitor<'de> for PathOrTable {
            type Value = UserType;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the path of a type, or a table with `type` and `with`")
            }

            fn visit_str<E: Error>(self, path: &str) -> Result<UserType, E> {
                Ok(UserType { path: path.to_owned(), with: None })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<UserType, A::Error> {
                let Written { path, with } = Written::deserialize(MapAccessDeserializer::new(map))?;
                Ok(UserType { path, with })
            }
        }

        deserializer.deserialize_any(PathOrTable)
    }
}

impl SchemaOptions {
    /// Returns the type that replaces the schema.
    pub(crate) fn replacement(&self) -> Option<UserType> {
        Some(UserType { path: self.path.clone()?, with: self.with.clone() })
    }
}

impl TypeOptions {
    /// Reports derives, attributes and paths that are not valid Rust, and options without effect.
    pub(crate) fn check(&self, diagnostics: &mut Diagnostics) {
        let kinds = [&self.structs, &self.enums, &self.unions];
        let derives = kinds.iter().map(|kind| &kind.derives).chain([&self.derives]);
        let derives = derives.chain(self.schemas.values().map(|schema| &schema.derives));
        for derive in derives.flatten().filter(|derive| !is::<syn::Path>(derive.get_ref())) {
            let message = messages::invalid_rust_option(derive.get_ref(), "the path of a derive");
            diagnostics.report(Location::Config(derive.span()), message);
        }
        let attributes = kinds.iter().map(|kind| &kind.attributes).chain([&self.attributes]);
        let attributes = attributes.chain(self.schemas.values().map(|schema| &schema.attributes));
        for attribute in attributes.flatten().filter(|it| !is::<syn::Meta>(it.get_ref())) {
            let what = "an attribute without `#[` and `]`";
            let message = messages::invalid_rust_option(attribute.get_ref(), what);
            diagnostics.report(Location::Config(attribute.span()), message);
        }
        for (key, options) in &self.schemas {
            if let Some(replaced) = options.replacement() {
                replaced.check(key, diagnostics);
                if !options.derives.is_empty() || !options.attributes.is_empty() {
                    let message = messages::replaced_with_attributes(key.get_ref());
                    diagnostics.report(Location::Config(key.span()), message);
                }
            } else if options.with.is_some() {
                let message = messages::with_without_type(key.get_ref());
                diagnostics.report(Location::Config(key.span()), message);
            }
        }
        for (key, replaced) in &self.formats {
            replaced.check(key, diagnostics);
        }
    }
}

impl UserType {
    fn check(&self, key: &Spanned<String>, diagnostics: &mut Diagnostics) {
        let mut report = |path: &str, what| {
            let message = messages::invalid_rust_option(path, what);
            diagnostics.report(Location::Config(key.span()), message);
        };
        if !matches!(syn::parse_str(&self.path), Ok(syn::Type::Path(_))) {
            report(&self.path, "the path of a type");
        }
        if let Some(with) = self.with.as_deref().filter(|with| !is::<syn::Path>(with)) {
            report(with, "the path of a module");
        }
    }

    /// Returns the last name of the path, without arguments.
    pub(crate) fn name(&self) -> String {
        match syn::parse_str(&self.path) {
            Ok(syn::Type::Path(path)) => {
                path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default()
            }
            _ => String::new(),
        }
    }
}

fn is<T: syn::parse::Parse>(code: &str) -> bool {
    syn::parse_str::<T>(code).is_ok()
}
