//! Types of the user that the configuration gives for formats and schemas, and what it adds to other
//! types.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::AnySchema;

use crate::config::{Config, Spanned, UserType, report_unmatched};
use crate::diagnostics::{Diagnostics, Location, messages};
use crate::ir::{Api, Decoration, Replaced, Shape, TypeDef, TypeId, TypeKind, TypeName};

/// The formats that the configuration gives types for.
#[derive(Default)]
pub(crate) struct UserTypes {
    /// The name of the type of each format, reserved in advance so that a selection never changes it.
    names: BTreeMap<String, TypeName>,
    /// The types that were used, each with the key of its option, and what the document declares.
    known: Vec<(String, Shape, TypeId)>,
    used: BTreeSet<String>,
    /// All formats that were found, to make suggestions.
    found: BTreeSet<String>,
}

impl UserTypes {
    /// Reserves the names of the types with `free`.
    pub(crate) fn new(config: &Config, mut free: impl FnMut(&str) -> TypeName) -> Self {
        let formats = config.types.formats.iter();
        let names = formats.filter(|(_, ty)| !is_string(ty));
        let names = names.map(|(key, ty)| (key.get_ref().clone(), free(&ty.name())));
        Self { names: names.collect(), ..Self::default() }
    }

    /// Returns the option for the format of a schema.
    pub(crate) fn option<'c>(
        &mut self,
        config: &'c Config,
        schema: &AnySchema,
    ) -> Option<(&'c str, &'c UserType)> {
        let formats = &config.types.formats;
        let typ = schema.typ.as_deref().filter(|_| !formats.is_empty())?;
        if matches!(typ, "object" | "array") {
            return None;
        }
        let format = schema.format.as_deref().unwrap_or_default();
        let keys = [format!("{typ}:{format}"), format.to_owned()];
        self.found.extend(keys.iter().filter(|key| !key.is_empty()).cloned());
        let key = keys.iter().find(|key| formats.contains_key(key.as_str()))?;
        let (key, ty) = formats.get_key_value(key.as_str())?;
        self.used.insert(key.get_ref().clone());
        Some((key.get_ref(), ty))
    }

    /// Returns the type of an option, if it was used before.
    pub(crate) fn get(&self, key: &str, base: &Shape) -> Option<TypeId> {
        let mut known = self.known.iter();
        known.find(|(of, shape, _)| of == key && shape == base).map(|(.., id)| *id)
    }

    /// Returns the reserved name of the type of an option, unless another type has it.
    pub(crate) fn name(&self, key: &str) -> Option<TypeName> {
        let is_taken = self.known.iter().any(|(of, ..)| of == key);
        self.names.get(key).filter(|_| !is_taken).cloned()
    }

    /// Records the type of an option.
    pub(crate) fn add(&mut self, key: &str, base: Shape, id: TypeId) {
        self.known.push((key.to_owned(), base, id));
    }

    /// Removes the types from an index on, which a failed operation has added.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.known.retain(|(.., id)| id.0 < len);
    }

    /// Reports formats that no selected schema has.
    pub(crate) fn report_unused(&self, config: &Config, diagnostics: &mut Diagnostics) {
        for key in config.types.formats.keys().filter(|key| !self.used.contains(key.get_ref())) {
            let found = self.found.iter().map(String::as_str);
            report_unmatched("selected schema with the format", key, found, diagnostics);
        }
    }
}

/// Returns whether a type is the string of Rust, which generated code has anyway.
pub(crate) fn is_string(ty: &UserType) -> bool {
    matches!(ty.path.as_str(), "String" | "std::string::String") && ty.with.is_none()
}

/// Returns a type of the user, as the IR has it.
pub(crate) fn replaced(ty: &UserType, format: Option<&str>) -> Replaced {
    let format = format.map(str::to_owned);
    Replaced { path: ty.path.clone(), format, with: ty.with.clone() }
}

/// Adds derives and attributes, and replaces schemas by types of the user. Reports the options that
/// match nothing.
pub(crate) fn configure(
    api: &mut Api,
    config: &Config,
    is_explained: impl Fn(&str) -> bool,
    diagnostics: &mut Diagnostics,
) {
    let options = &config.types;
    options.check(diagnostics);
    let mut found = Vec::new();
    for (key, schema) in &options.schemas {
        let name = key.get_ref().as_str();
        match api.types.iter().position(|def| called(def) == name) {
            Some(i) => found.push((i, key, schema)),
            None if is_explained(name) => {}
            None => {
                report_unmatched("selected schema", key, api.types.iter().map(called), diagnostics)
            }
        }
    }
    for (i, _, schema) in &found {
        if let (Some(ty), Some(def)) = (schema.replacement(), api.types.get_mut(*i)) {
            def.replaced = Some(replaced(&ty, None));
        }
    }
    for def in &mut api.types {
        let kind = match (&def.kind, &def.replaced) {
            // A struct around a type of the user.
            (_, Some(replaced)) if replaced.with.is_some() => &options.structs,
            (TypeKind::Alias(_), _) | (_, Some(_)) => continue,
            (TypeKind::Struct(_), _) => &options.structs,
            (TypeKind::Enum(_), _) => &options.enums,
            (TypeKind::Union(_), _) => &options.unions,
        };
        add(&mut def.decoration, &options.derives, &options.attributes);
        add(&mut def.decoration, &kind.derives, &kind.attributes);
    }
    for (i, key, schema) in found {
        let Some(def) = api.types.get_mut(i).filter(|def| def.replaced.is_none()) else { continue };
        if matches!(def.kind, TypeKind::Alias(_)) {
            let message = messages::attributes_of_alias(key.get_ref());
            diagnostics.report(Location::Config(key.span()), message);
        }
        add(&mut def.decoration, &schema.derives, &schema.attributes);
    }
}

fn add(decoration: &mut Decoration, derives: &[Spanned<String>], attributes: &[Spanned<String>]) {
    let lists = [(&mut decoration.derives, derives), (&mut decoration.attributes, attributes)];
    for (known, added) in lists {
        for code in added.iter().map(Spanned::get_ref) {
            if !known.contains(code) {
                known.push(code.clone());
            }
        }
    }
}

/// Returns the name of a type in options: that of its schema or, if that has none, its own.
fn called(def: &TypeDef) -> &str {
    def.schema_name.as_deref().unwrap_or(&def.name.0)
}

/// Returns the shape of values with a format, which decides how unions are decoded.
pub(crate) fn base_shape(schema: &AnySchema) -> Shape {
    match schema.typ.as_deref() {
        // A string with a format, which other strings do not have.
        Some("string") => Shape::Date,
        Some("boolean") => Shape::Boolean,
        Some("integer") => Shape::Integer(crate::ir::Integer::I64),
        _ => Shape::Number,
    }
}
