//! Which type a schema has where it stands. Only who looks at descriptions from outside asks for
//! it: generating needs no more than the types themselves.

use std::collections::BTreeMap;

use crate::ir::{Api, Shape, Type, TypeId};

/// The types of schemas, each under the JSON pointer of its schema.
#[derive(Debug)]
pub(crate) struct Uses {
    types: Option<BTreeMap<String, Type>>,
}

impl Uses {
    /// Nobody asks, and nothing is noted.
    pub(crate) fn unasked() -> Self {
        Self { types: None }
    }

    /// Everything is noted.
    pub(crate) fn asked() -> Self {
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

    pub(super) fn note(&mut self, pointer: &str, ty: &Type) {
        if let Some(types) = &mut self.types {
            types.insert(pointer.to_owned(), ty.clone());
        }
    }

    /// Forgets what needs a type behind a mark.
    pub(super) fn truncate(&mut self, mark: usize) {
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
