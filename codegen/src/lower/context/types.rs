//! The named types of an API while they are found. Each schema has one type, whichever reference
//! or operation reaches it first.

use crate::config::{Config, Renames, Spanned, report_unmatched};
use crate::diagnostics::{Diagnostics, Location, messages};
use crate::ir::{Decoration, Shape, Type, TypeDef, TypeId, TypeKind, TypeName};
use crate::lower::context::combinations::Combinations;
use crate::lower::context::components::ComponentNames;
use crate::lower::context::user_types::{UserTypes, base_shape, is_string, replaced};
use crate::lower::context::uses::TypeUses;
use crate::names::{Scope, is_type_name, module_name, type_name};
use crate::spec::Document;
use crate::text::child;
use crate::text::pointer::unescape;
use openapiv3::AnySchema;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

const SCHEMAS: &str = "/components/schemas";

/// The named types found so far, and the queue of those that are not defined yet.
pub(crate) struct TypeTable<'a> {
    /// The names of all schemas of the document, selected or not, so that a selection never changes
    /// a name.
    component_names: BTreeMap<String, ComponentName>,
    /// The names of inline schemas in other components.
    components: ComponentNames,
    scope: Scope,
    modules: Scope,
    known: BTreeMap<String, TypeId>,
    defs: Vec<TypeDef>,
    queue: VecDeque<TypeId>,
    renames: Renames<'a>,
    config: &'a Config,
    stripped: BTreeSet<&'a str>,
    /// The schemas that have a type.
    schemas: BTreeSet<String>,
    user: UserTypes,
    /// The types of schemas that consist of several schemas.
    pub(crate) combinations: Combinations,
    /// The types of schemas by pointer, if they are recorded.
    pub(crate) uses: TypeUses,
}

struct ComponentName {
    name: TypeName,
    changed_from: Option<TypeName>,
}

impl<'a> TypeTable<'a> {
    pub(crate) fn new(
        document: &Document,
        config: &'a Config,
        diagnostics: &mut Diagnostics,
        uses: TypeUses,
    ) -> Self {
        let mut types = Self {
            component_names: BTreeMap::new(),
            components: ComponentNames::default(),
            scope: Scope::for_types(),
            modules: Scope::with(&["lib", "mod", "models"]),
            known: BTreeMap::new(),
            defs: Vec::new(),
            queue: VecDeque::new(),
            renames: Renames::new(&config.names.schemas, is_type_name, diagnostics),
            config,
            stripped: BTreeSet::new(),
            schemas: BTreeSet::new(),
            user: UserTypes::default(),
            combinations: Combinations::default(),
            uses,
        };
        types.name_components(document, diagnostics);
        types.take_former_names(diagnostics);
        types.components = ComponentNames::new(document, config, &mut types.scope);
        types.user = UserTypes::new(config, |name| types.scope.free_type(&type_name(name)));
        types
    }

    /// Configured names come first: derived names must not collide with them.
    fn name_components(&mut self, document: &Document, diagnostics: &mut Diagnostics) {
        let keys: Vec<&str> = document.keys(SCHEMAS).collect();
        for key in &keys {
            let Some(chosen) = self.config.names.schemas.get(*key) else {
                continue;
            };
            let name = TypeName(chosen.clone());
            if is_type_name(chosen) && !self.scope.take_with_builder(&name.0) {
                let message = messages::name_collision(chosen, key);
                diagnostics.report(self.renames.location(key), message);
            }
            self.component_names
                .insert(child(SCHEMAS, key), ComponentName { name, changed_from: None });
        }
        for key in keys {
            let pointer = child(SCHEMAS, key);
            if !self.component_names.contains_key(&pointer) {
                let wanted = type_name(self.strip(key));
                let name = self.scope.free_with_builder(&unreserved(&wanted));
                let changed_from = (name != wanted).then_some(wanted);
                self.component_names.insert(pointer, ComponentName { name, changed_from });
            }
        }
    }

    /// Reserves the names that stay as aliases. All names of components are known.
    fn take_former_names(&mut self, diagnostics: &mut Diagnostics) {
        for (former, schema) in &self.config.compatibility.types {
            let name = former.get_ref();
            let message = match is_type_name(name) {
                false => messages::invalid_name(name, schema),
                true if !self.scope.take_with_builder(name) => {
                    messages::name_collision(name, schema)
                }
                true => continue,
            };
            diagnostics.report(Location::Config(former.span()), message);
        }
    }

    /// Returns the former names of the type of a schema. An inline schema has its derived name.
    fn former(&self, schema: &str) -> Vec<TypeName> {
        let all = self.config.compatibility.types.iter().filter(|(_, of)| *of == schema);
        all.map(|(former, _)| TypeName(former.get_ref().clone())).collect()
    }

    fn strip<'k>(&mut self, key: &'k str) -> &'k str {
        for prefix in &self.config.names.strip_prefixes {
            if let Some(rest) = key.strip_prefix(prefix.get_ref().as_str())
                && rest.starts_with(|c: char| c.is_ascii_uppercase())
            {
                self.stripped.insert(prefix.get_ref());
                return rest;
            }
        }
        key
    }

    /// Returns the type of the schema at a pointer, and registers it if it is new. A new type gets
    /// the name of its component, or else the suggested name.
    pub(crate) fn at(
        &mut self,
        pointer: &str,
        suggested: &str,
        diagnostics: &mut Diagnostics,
    ) -> TypeId {
        if let Some(id) = self.known.get(pointer) {
            return *id;
        }
        let component = pointer.strip_prefix(SCHEMAS).and_then(|rest| rest.strip_prefix('/'));
        let schema_name = component.filter(|rest| !rest.contains('/')).map(unescape);
        let name = match (&schema_name, self.component_names.get(pointer)) {
            (Some(key), Some(component)) => {
                self.renames.get(key);
                if let Some(wanted) = &component.changed_from {
                    let message = messages::renamed_schema(key, &component.name.0, &wanted.0);
                    diagnostics.report(Location::pointer(pointer), message);
                }
                component.name.clone()
            }
            _ => {
                let named = self.components.schema(pointer);
                // If the schema was dropped with a failed operation, its name is reused.
                let named = named.filter(|name| self.defs.iter().all(|def| def.name != **name));
                match named {
                    Some(name) => name.clone(),
                    None => self.scope.free_with_builder(&unreserved(&type_name(suggested))),
                }
            }
        };
        let id = TypeId(self.defs.len());
        self.schemas.extend(schema_name.clone());
        self.push(name, schema_name, pointer);
        self.known.insert(pointer.to_owned(), id);
        self.queue.push_back(id);
        id
    }

    fn push(&mut self, name: TypeName, schema_name: Option<String>, pointer: &str) {
        self.defs.push(TypeDef {
            module: self.modules.free_name(&module_name(&name.0)),
            former: self.former(schema_name.as_ref().unwrap_or(&name.0)),
            name,
            schema_name,
            pointer: pointer.to_owned(),
            docs: None,
            deprecated: false,
            nullable: false,
            default: None,
            constrained: false,
            is_secret: false,
            tags: Vec::new(),
            decoration: Decoration::default(),
            replaced: None,
            kind: TypeKind::Alias(Type::plain(Shape::Json)),
        });
    }

    /// Returns the type that the configuration gives for the format of a schema, if it does.
    pub(crate) fn of_format(&mut self, schema: &AnySchema, pointer: &str) -> Option<Shape> {
        let (key, ty) = self.user.option(self.config, schema)?;
        if is_string(ty) {
            return Some(Shape::String);
        }
        let base = base_shape(schema);
        if let Some(id) = self.user.get(key, &base) {
            return Some(Shape::Named(id));
        }
        let id = TypeId(self.defs.len());
        let name = match self.user.name(key) {
            Some(name) => name,
            // Another JSON type has this format, too.
            None => self.scope.free_type(&type_name(&ty.name())),
        };
        self.push(name, None, pointer);
        let def = self.def_mut(id);
        def.replaced = Some(replaced(ty, Some(key)));
        def.kind = TypeKind::Alias(Type::plain(base.clone()));
        self.user.add(key, base, id);
        Some(Shape::Named(id))
    }

    /// Returns the prefix for names of types at a pointer: that of its component, or else the
    /// suggested one.
    pub(crate) fn base(&self, pointer: &str, suggested: impl FnOnce() -> String) -> String {
        self.components.base(pointer).map_or_else(suggested, |name| name.0.clone())
    }

    /// Reserves a name for a type without a schema, such as the request of an operation.
    pub(crate) fn reserve(&mut self, name: &TypeName) -> TypeName {
        self.scope.free_type(name)
    }

    /// Takes the name of a type. Returns whether it was free.
    pub(crate) fn take_name(&mut self, name: &TypeName) -> bool {
        self.scope.take(&name.0)
    }

    /// Records that a type is a variant of a union at a pointer, if it is combined with the schemas
    /// around the union.
    pub(crate) fn distributed(&mut self, union: &str, variant: TypeId) {
        let pointer = &self.defs[variant.0].pointer;
        if self.combinations.parts.contains_key(pointer) {
            self.combinations.distributed(union, pointer);
        }
    }

    /// Returns the next type that is not defined yet.
    pub(crate) fn next_undefined(&mut self) -> Option<TypeId> {
        self.queue.pop_front()
    }

    pub(crate) fn def(&self, id: TypeId) -> &TypeDef {
        &self.defs[id.0]
    }

    pub(crate) fn def_mut(&mut self, id: TypeId) -> &mut TypeDef {
        &mut self.defs[id.0]
    }

    /// Removes the types from an index on, which a failed operation has added.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.defs.truncate(len);
        self.known.retain(|_, id| id.0 < len);
        self.queue.retain(|id| id.0 < len);
        self.uses.truncate(len);
        self.user.truncate(len);
    }

    pub(crate) fn len(&self) -> usize {
        self.defs.len()
    }

    pub(crate) fn take(&mut self) -> Vec<TypeDef> {
        std::mem::take(&mut self.defs)
    }

    /// Returns whether the document has this schema, or the schema of this `Schema.member`.
    pub(crate) fn is_defined(&self, key: &str) -> bool {
        let has = |name: &str| self.component_names.contains_key(&child(SCHEMAS, name));
        has(key) || key.match_indices('.').any(|(at, _)| has(&key[..at]))
    }

    pub(crate) fn report_unused(&self, defs: &[TypeDef], diagnostics: &mut Diagnostics) {
        let has_unresolved = diagnostics.has_unresolved();
        let is_explained = |key: &str| has_unresolved && self.is_defined(key);
        self.renames.report_unused("selected schema", is_explained, diagnostics);
        self.report_unused_former_names(defs, is_explained, diagnostics);
        self.user.report_unused(self.config, diagnostics);
        for prefix in &self.config.names.strip_prefixes {
            if !self.stripped.contains(prefix.get_ref().as_str()) {
                report_unmatched("schema with the prefix", prefix, [], diagnostics);
            }
        }
    }
}

impl TypeTable<'_> {
    fn report_unused_former_names(
        &self,
        defs: &[TypeDef],
        is_explained: impl Fn(&str) -> bool,
        diagnostics: &mut Diagnostics,
    ) {
        for (former, schema) in &self.config.compatibility.types {
            let is_inline = |def: &TypeDef| def.schema_name.is_none() && def.name.0 == *schema;
            let is_found = self.schemas.contains(schema) || defs.iter().any(is_inline);
            if !is_explained(schema) && !is_found {
                let option = Spanned::new(former.span(), schema.clone());
                let known = self.schemas.iter().map(String::as_str);
                report_unmatched("selected schema", &option, known, diagnostics);
            }
        }
    }
}

/// Returns the name of a model whose own name generated code uses itself.
fn unreserved(wanted: &TypeName) -> TypeName {
    match Scope::is_reserved_type(&wanted.0) {
        true => TypeName(format!("{}Model", wanted.0)),
        false => wanted.clone(),
    }
}
