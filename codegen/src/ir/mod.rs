//! An API as the emitter sees it: plain data, every name decided, every reference
//! resolved. No types of the description and no tokens.

mod answer;
mod body;
mod operation;
mod types;

pub use answer::*;
pub use body::*;
pub use operation::*;
pub use types::*;

use std::collections::BTreeSet;

use crate::Counts;
pub use crate::names::{Name, TypeName};

/// A whole API.
#[derive(Clone, Debug, Default)]
pub struct Api {
    /// The title of the description.
    pub title: String,
    /// The version of the API.
    pub version: String,
    /// Its text.
    pub docs: Option<String>,
    /// Where it is served, by default.
    pub server: Server,
    /// The other servers that the description has.
    pub more_servers: Vec<Server>,
    /// The variables of all servers, each name once.
    pub variables: Vec<ServerVariable>,
    /// The keys that its operations need.
    pub schemes: Vec<Scheme>,
    /// The tags by which the operations are apart; none if they are all in one place.
    pub tags: Vec<Tag>,
    /// The operations, in the order of the description.
    pub operations: Vec<Operation>,
    /// What it sends by itself.
    pub webhooks: Vec<Webhook>,
    /// The enum of all that it sends by itself.
    pub webhook: TypeName,
    /// The types, in the order in which they were found; a [`TypeId`] is a place in this list.
    pub types: Vec<TypeDef>,
    /// The bodies of error answers, each once.
    pub error_bodies: Vec<ErrorBody>,
    /// The headers that error answers have.
    pub error_headers: Option<Headers>,
    /// The names that the server side has beside those of the client.
    pub serving: Serving,
    /// The feature that setters of builders are behind; none where they are always there.
    pub builders: Option<&'static str>,
    /// The names that test doubles of the client have, if there are any.
    pub doubles: Option<Doubles>,
    /// The names that calls have which block, if there are any.
    pub blocking: Option<Blocking>,
    /// What of the description is in here.
    pub counts: Counts,
}

impl Api {
    /// The type with an id.
    #[must_use]
    pub fn def(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0]
    }

    /// The servers of operations that have their own, each list once.
    #[must_use]
    pub fn operation_servers(&self) -> Vec<&[Server]> {
        let mut lists: Vec<&[Server]> = Vec::new();
        for operation in &self.operations {
            let servers = operation.servers.as_slice();
            if !servers.is_empty() && !lists.contains(&servers) {
                lists.push(servers);
            }
        }
        lists
    }

    /// What a type is behind its aliases: the type there, and its definition if it has one.
    #[must_use]
    pub fn resolve<'a>(&'a self, ty: &'a Type) -> (&'a Type, Option<&'a TypeKind>) {
        let mut ty = ty;
        // Aliases can name each other in a circle; none is longer than the list of types.
        for _ in 0..=self.types.len() {
            match &ty.shape {
                Shape::Named(id) => match &self.def(*id).kind {
                    TypeKind::Alias(target) => ty = target,
                    kind => return (ty, Some(kind)),
                },
                _ => break,
            }
        }
        (ty, None)
    }

    /// The types that some types lead to, themselves included.
    #[must_use]
    pub fn reached<'a>(&'a self, from: impl Iterator<Item = &'a Type>) -> BTreeSet<TypeId> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&Type> = from.collect();
        while let Some(ty) = open.pop() {
            match &ty.shape {
                Shape::List(item) | Shape::Map(item) => open.push(item),
                Shape::Named(id) if found.insert(*id) => match &self.def(*id).kind {
                    TypeKind::Struct(structure) => {
                        open.extend(structure.fields.iter().map(|field| &field.ty));
                        if let Additional::Typed(ty) = &structure.additional {
                            open.push(ty);
                        }
                    }
                    TypeKind::Union(union) => {
                        open.extend(union.variants.iter().map(|variant| &variant.ty));
                    }
                    TypeKind::Alias(ty) => open.push(ty),
                    TypeKind::Enum(_) => {}
                },
                _ => {}
            }
        }
        found
    }

    /// Whether `null` is a value of a type.
    #[must_use]
    pub fn is_nullable(&self, ty: &Type) -> bool {
        let (mut open, mut visited) = (vec![ty], BTreeSet::new());
        while let Some(ty) = open.pop() {
            if ty.nullable {
                return true;
            }
            let Shape::Named(id) = ty.shape else { continue };
            let def = self.def(id);
            match &def.kind {
                _ if def.nullable => return true,
                TypeKind::Alias(target) if visited.insert(id) => open.push(target),
                TypeKind::Union(union) if visited.insert(id) => {
                    open.extend(union.variants.iter().map(|variant| &variant.ty));
                }
                _ => {}
            }
        }
        false
    }
}

/// A named type of an API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeId(pub usize);
