//! The type of each schema by its JSON pointer. Only [`examples`](crate::examples) needs it;
//! generating needs only the types themselves.

use crate::ir::{Api, Shape, Type, TypeId};
use std::collections::BTreeMap;

/// The types of schemas by their JSON pointers.
#[derive(Debug)]
pub(crate) struct TypeUses {
    types: Option<BTreeMap<String, Type>>,
}

impl TypeUses {
    /// Creates a table that records nothing.
    pub(crate) fn ignored() -> Self {
        Self { types: None }
    }

    /// Creates a table that records every schema.
    pub(crate) fn recorded() -> Self {
        Self { types: Some(BTreeMap::new()) }
    }

    /// Returns the recorded types, and all named types at the pointers of their schemas.
    pub(crate) fn with_named(self, api: &Api) -> BTreeMap<String, Type> {
        let named = api.types.iter().enumerate();
        let named =
            named.map(|(id, def)| (def.pointer.clone(), Type::plain(Shape::Named(TypeId(id)))));
        let mut types: BTreeMap<String, Type> = named.collect();
        types.extend(self.types.unwrap_or_default());
        types
    }

    /// Returns the recorded types, with the pointers of their schemas.
    pub(crate) fn recorded_types(&self) -> impl Iterator<Item = (&str, &Type)> {
        self.types.iter().flatten().map(|(pointer, ty)| (pointer.as_str(), ty))
    }

    pub(crate) fn note(&mut self, pointer: &str, ty: &Type) {
        if let Some(types) = &mut self.types {
            types.insert(pointer.to_owned(), ty.clone());
        }
    }

    /// Removes the types that refer to a named type from an index on.
    pub(crate) fn truncate(&mut self, len: usize) {
        if let Some(types) = &mut self.types {
            types.retain(|_, ty| named_type(ty).is_none_or(|id| id.0 < len));
        }
    }
}

/// Returns the named type that a type is made of.
fn named_type(ty: &Type) -> Option<TypeId> {
    match &ty.shape {
        Shape::Named(id) => Some(*id),
        Shape::List(inner) | Shape::Map(inner) => named_type(inner),
        // Of several types, the one that was found last.
        Shape::Tuple(tuple) => tuple.types().filter_map(named_type).max(),
        _ => None,
    }
}
