//! The type of each schema by its JSON pointer. Only [`examples`](crate::examples) needs it;
//! generating needs only the types themselves.

use crate::ir::{Api, Shape, Type, TypeId};
use std::collections::BTreeMap;

/// The types of schemas, each under the JSON pointer of its schema.
#[derive(Debug)]
pub(crate) struct TypeUses {
    types: Option<BTreeMap<String, Type>>,
}

impl TypeUses {
    /// Nobody asks, and nothing is noted.
    pub(crate) fn ignored() -> Self {
        Self { types: None }
    }

    /// Everything is noted.
    pub(crate) fn recorded() -> Self {
        Self { types: Some(BTreeMap::new()) }
    }

    /// Adds the types that have names, wherever they are used.
    pub(crate) fn with_named(self, api: &Api) -> BTreeMap<String, Type> {
        let named = api.types.iter().enumerate();
        let named =
            named.map(|(id, def)| (def.pointer.clone(), Type::plain(Shape::Named(TypeId(id)))));
        let mut types: BTreeMap<String, Type> = named.collect();
        types.extend(self.types.unwrap_or_default());
        types
    }

    pub(crate) fn note(&mut self, pointer: &str, ty: &Type) {
        if let Some(types) = &mut self.types {
            types.insert(pointer.to_owned(), ty.clone());
        }
    }

    /// Forgets what needs a type behind a mark.
    pub(crate) fn truncate(&mut self, mark: usize) {
        if let Some(types) = &mut self.types {
            types.retain(|_, ty| named(ty).is_none_or(|id| id.0 < mark));
        }
    }
}

/// The named type that a type is made of.
fn named(ty: &Type) -> Option<TypeId> {
    match &ty.shape {
        Shape::Named(id) => Some(*id),
        Shape::List(inner) | Shape::Map(inner) => named(inner),
        _ => None,
    }
}
