//! The whole API, and queries over its types.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{
    Additional, BlockingNames, ErrorBody, Headers, Operation, SecurityScheme, Server, ServerNames,
    ServerVariable, Shape, Tag, TestDoubleNames, Type, TypeDef, TypeId, TypeKind, TypeName,
    Webhook,
};

/// A whole API.
#[derive(Clone, Debug, Default)]
pub(crate) struct Api {
    /// The title of the document.
    pub title: String,
    /// The version of the API.
    pub version: String,
    /// Its documentation.
    pub docs: Option<String>,
    /// The default server.
    pub server: Server,
    /// The other servers of the document.
    pub more_servers: Vec<Server>,
    /// The variables of all servers; each name appears once.
    pub variables: Vec<ServerVariable>,
    /// The security schemes that its operations need.
    pub security_schemes: Vec<SecurityScheme>,
    /// The tags that the operations are split by; empty if they are not split.
    pub tags: Vec<Tag>,
    /// The operations, in document order.
    pub operations: Vec<Operation>,
    /// The webhooks and callbacks.
    pub webhooks: Vec<Webhook>,
    /// The enum of all webhooks and callbacks.
    pub webhook_enum: TypeName,
    /// The types, in the order in which they were found. A [`TypeId`] is an index into this list.
    pub(crate) types: Vec<TypeDef>,
    /// The bodies of error responses; each appears once.
    pub error_bodies: Vec<ErrorBody>,
    /// The headers of error responses.
    pub error_headers: Option<Headers>,
    /// The names of the server side.
    pub server_names: ServerNames,
    /// Whether parts of the generated crate are enabled by Cargo features.
    pub has_features: bool,
    /// The names of the client's test doubles, if they are generated.
    pub test_doubles: Option<TestDoubleNames>,
    /// The names of blocking calls, if they are generated.
    pub blocking: Option<BlockingNames>,
    /// How much of the document is generated.
    pub counts: Counts,
}

/// How much of a document was generated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// The operations in the document.
    pub operations_defined: usize,
    /// The operations that were selected.
    pub operations_selected: usize,
    /// The operations that were generated.
    pub operations: usize,
    /// The webhooks and callbacks that were generated.
    pub webhooks: usize,
    /// The types that were generated.
    pub schemas: usize,
    /// The unions among these types.
    pub unions: usize,
}

impl Api {
    /// Returns the type with an id.
    pub(crate) fn def(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0]
    }

    /// Returns the feature that enables the setters of builders, if the crate has features.
    pub(crate) fn builders_feature(&self) -> Option<&'static str> {
        self.has_features.then_some("builders")
    }

    /// Returns the feature that enables test doubles, if the crate has features.
    pub(crate) fn test_doubles_feature(&self) -> Option<&'static str> {
        self.has_features.then_some("test-doubles")
    }

    /// Returns the server lists of operations that have their own; each list appears once.
    pub(crate) fn operation_servers(&self) -> Vec<&[Server]> {
        let mut lists: Vec<&[Server]> = Vec::new();
        for operation in &self.operations {
            let servers = operation.servers.as_slice();
            if !servers.is_empty() && !lists.contains(&servers) {
                lists.push(servers);
            }
        }
        lists
    }

    /// Follows aliases: returns the target type, and its definition if it is a named type.
    pub(crate) fn resolve<'a>(&'a self, ty: &'a Type) -> (&'a Type, Option<&'a TypeKind>) {
        let mut ty = ty;
        // Aliases can form a cycle; no chain is longer than the list of types.
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

    /// Returns all named types that are reachable from some types, including these.
    pub(crate) fn reachable_types<'a>(
        &'a self,
        from: impl Iterator<Item = &'a Type>,
    ) -> BTreeSet<TypeId> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&Type> = from.collect();
        while let Some(ty) = open.pop() {
            match &ty.shape {
                Shape::List(item) | Shape::Map(item) => open.push(item),
                Shape::Tuple(tuple) => open.extend(tuple.types()),
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

    /// Returns whether `null` is a value of a type.
    pub(crate) fn is_nullable(&self, ty: &Type) -> bool {
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

    /// Returns whether a type, or a type within it, has constraints.
    pub(crate) fn is_constrained(&self, ty: &Type) -> bool {
        !ty.constraints.is_empty()
            || match &ty.shape {
                Shape::List(item) | Shape::Map(item) => self.is_constrained(item),
                Shape::Tuple(tuple) => tuple.types().any(|ty| self.is_constrained(ty)),
                Shape::Named(id) => self.def(*id).constrained,
                _ => false,
            }
    }
}
