//! The fields of structs: names, types and documentation, shared with builders and checks.

use syn::Type as Syntax;

use super::types;
use crate::emit::context::Context;
use crate::emit::docs::model::PropertyDocs;
use crate::emit::rust::ty::{generic, ty};
use crate::ir::{Additional, Field, Shape, Struct, Type, TypeDef};

/// The field of properties that the schema does not declare.
pub(super) const ADDITIONAL: &str = "additional_properties";

/// Returns the name of the builder of a struct.
pub(super) fn builder_name(def: &TypeDef) -> String {
    format!("{}Builder", def.name.0)
}

/// Returns the documentation of a property. One that is only a reference has that of its type.
pub(super) fn property_docs<'a>(context: Context<'a>, field: &'a Field) -> PropertyDocs<'a> {
    let inherited = match field.ty.shape {
        Shape::Named(id) => context.api.def(id).docs.as_deref(),
        _ => None,
    };
    PropertyDocs::new(field, inherited)
}

/// Returns the type of the field of additional properties.
pub(super) fn additional_type(context: Context<'_>, structure: &Struct) -> Syntax {
    match &structure.additional {
        Additional::Keep | Additional::Forbid => ty("rt::AdditionalProperties"),
        Additional::Typed(value) => typed_additional(context, value),
    }
}

/// Returns the type of the field of additional properties that have a schema.
pub(super) fn typed_additional(context: Context<'_>, ty: &Type) -> Syntax {
    types::map(types::nullable(context, ty))
}

/// Returns the result type of a validation.
pub(super) fn validated(value: Syntax) -> Syntax {
    generic("Result", [value, ty("rt::ValidationError")])
}
