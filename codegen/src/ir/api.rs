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
    /// The number of lists, maps and tuples in each other without a name.
    pub nesting: usize,
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
    /// Whether any value may be secret.
    pub(crate) has_secrets: bool,
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

    /// Returns the servers of the document; the first one is the default.
    pub(crate) fn document_servers(&self) -> impl Iterator<Item = &Server> {
        [&self.server].into_iter().chain(&self.more_servers)
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

    /// Follows aliases: returns the target type, and its definition if it is a named type. Nothing
    /// is known about a type of the user.
    pub(crate) fn resolve<'a>(&'a self, ty: &'a Type) -> (&'a Type, Option<&'a TypeKind>) {
        self.follow(ty, |def| def.replaced.is_none())
    }

    /// Follows aliases as [`resolve`](Self::resolve) does, also to what the document declares where
    /// the user has a type.
    pub(crate) fn declared<'a>(&'a self, ty: &'a Type) -> (&'a Type, Option<&'a TypeKind>) {
        self.follow(ty, |_| true)
    }

    fn follow<'a>(
        &'a self,
        ty: &'a Type,
        is_followed: impl Fn(&TypeDef) -> bool,
    ) -> (&'a Type, Option<&'a TypeKind>) {
        let mut ty = ty;
        // Aliases can form a cycle; no chain is longer than the list of types.
        for _ in 0..=self.types.len() {
            match &ty.shape {
                Shape::Named(id) if !is_followed(self.def(*id)) => break,
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

    /// Returns whether a use of a type makes its values secret, and they are not secret anyway.
    pub(crate) fn hides(&self, ty: &Type) -> bool {
        let is_hidden = |id: TypeId| match &self.def(id).kind {
            TypeKind::Alias(target) => self.is_hidden(target),
            _ => self.def(id).is_secret,
        };
        ty.is_secret && !matches!(ty.shape, Shape::Named(id) if is_hidden(id))
    }

    /// Returns whether a use of a type, or an alias that it names, makes its values secret.
    pub(crate) fn is_hidden(&self, ty: &Type) -> bool {
        let mut ty = ty;
        for _ in 0..=self.types.len() {
            if ty.is_secret {
                // The definition of a type that is secret as a whole hides its values itself.
                return !matches!(self.resolve(ty).0.shape, Shape::Named(id) if self.def(id).is_secret);
            }
            match &ty.shape {
                Shape::Named(id) => match &self.def(*id).kind {
                    TypeKind::Alias(target) => ty = target,
                    _ => break,
                },
                _ => break,
            }
        }
        false
    }

    /// Returns whether some of these types, or of those within them, are secret.
    pub(crate) fn has_secret<'a>(&'a self, types: impl Iterator<Item = &'a Type>) -> bool {
        let types: Vec<&Type> = types.collect();
        fn is_secret_here(ty: &Type) -> bool {
            ty.is_secret
                || match &ty.shape {
                    Shape::List(inner) | Shape::Map(inner) => is_secret_here(inner),
                    Shape::Tuple(tuple) => tuple.types().any(is_secret_here),
                    _ => false,
                }
        }
        let is_secret = |id: TypeId| {
            let def = self.def(id);
            def.is_secret
                || match &def.kind {
                    TypeKind::Struct(structure) => {
                        let additional = match &structure.additional {
                            Additional::Typed(ty) => Some(ty),
                            _ => None,
                        };
                        let fields = structure.fields.iter().map(|field| &field.ty);
                        fields.chain(additional).any(is_secret_here)
                    }
                    TypeKind::Union(union) => {
                        union.variants.iter().any(|variant| is_secret_here(&variant.ty))
                    }
                    TypeKind::Alias(ty) => is_secret_here(ty),
                    TypeKind::Enum(_) => false,
                }
        };
        self.has_secrets
            && (types.iter().any(|ty| is_secret_here(ty))
                || self.reachable_types(types.into_iter()).into_iter().any(is_secret))
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
