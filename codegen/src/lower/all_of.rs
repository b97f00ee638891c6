//! `allOf`: several schemas of one value, made one.
//!
//! What has properties becomes one struct of all of them, a property that several have being one
//! schema of several again. Scalars become one with the constraints of all. A union among other
//! schemas becomes a union of variants which each have what those say, too.

use openapiv3::{AnySchema, Discriminator, ReferenceOr, Schema, SchemaData, SchemaKind};

use super::Lower;
use super::form::plain;
use super::schema::At;
use super::structs::Members;
use crate::diagnostics::{Location, messages};
use crate::ir::{Shape, Type, TypeId, TypeKind};
use crate::select::{local_pointer, target_or_nothing};
use crate::text::child;

/// More types than this from schemas that are made one are a sign of endless combinations.
const MANY_COMBINED: usize = 5_000;

/// One of several schemas that a value has at once.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) schema: ReferenceOr<Schema>,
    /// Where it stands, or where the schema stands that it is a part of.
    pub(super) pointer: String,
    /// What of the schema there has been left out.
    pub(super) without: &'static str,
}

/// A schema without `allOf`.
#[derive(Clone)]
pub(super) struct Leaf {
    pub(super) schema: AnySchema,
    pub(super) discriminator: Option<Discriminator>,
    pub(super) pointer: String,
    /// What of the schema there has been left out.
    pub(super) without: &'static str,
}

/// What several schemas are together.
pub(super) enum Combined {
    /// What one of them is.
    Same(Box<Part>),
    /// A scalar, a list or a map; the pointer is that of the schema with its parts.
    Plain(Box<AnySchema>, String),
    Struct(Members),
    Union(Box<Alternatives>),
    /// Nothing that Rust can hold.
    Loose(Shape),
}

/// The variants of a union, and what each of them has besides.
pub(super) struct Alternatives {
    pub(super) keyword: &'static str,
    pub(super) members: Vec<ReferenceOr<Schema>>,
    pub(super) discriminator: Option<Discriminator>,
    /// Where the union stands.
    pub(super) pointer: String,
    pub(super) besides: Vec<Part>,
}

impl Part {
    pub(super) fn new(schema: ReferenceOr<Schema>, pointer: String) -> Self {
        Self { schema, pointer, without: "" }
    }

    /// A part of a schema: what is left of it without one keyword.
    pub(super) fn rest(schema: AnySchema, pointer: &str, without: &'static str) -> Self {
        let schema_data = SchemaData::default();
        let schema = Schema { schema_data, schema_kind: SchemaKind::Any(schema) };
        Self { schema: ReferenceOr::Item(schema), pointer: pointer.to_owned(), without }
    }
}

/// The members of a schema's `allOf`, and what stands beside it.
pub(super) fn parts_of(schema: &AnySchema, at: At<'_>) -> Vec<Part> {
    let all_of = child(at.pointer, "allOf");
    let members = schema.all_of.iter().enumerate();
    let mut parts: Vec<Part> =
        members.map(|(i, member)| Part::new(member.clone(), child(&all_of, i))).collect();
    let own = AnySchema { all_of: Vec::new(), ..schema.clone() };
    if !says_nothing(&own) || own.typ.is_some() {
        parts.push(Part::rest(own, at.pointer, "allOf"));
    }
    parts
}

/// Whether a schema allows whatever its type allows.
pub(super) fn says_nothing(schema: &AnySchema) -> bool {
    let mut bare = schema.clone();
    bare.typ = None;
    if matches!(bare.additional_properties, Some(openapiv3::AdditionalProperties::Any(true))) {
        bare.additional_properties = None;
    }
    bare == AnySchema::default()
}

impl Lower<'_> {
    /// The type of a value that has several schemas at once, without a name if it needs none.
    pub(super) fn type_of_parts(&mut self, parts: Vec<Part>, at: At<'_>) -> Type {
        let nullable = parts.iter().any(only_nullable);
        let mut ty = match self.combined(&parts, at.pointer) {
            Combined::Same(part) => self.type_of(&part.schema, At { pointer: &part.pointer, ..at }),
            Combined::Plain(schema, pointer) if !super::form::has_name(&schema) => {
                self.inline(&schema, At { pointer: &pointer, ..at })
            }
            Combined::Loose(shape) => {
                self.report_loose(at);
                Type::plain(shape)
            }
            _ => Type::plain(Shape::Named(self.type_at_parts(parts, at))),
        };
        ty.nullable |= nullable;
        ty
    }

    /// The type of a property that several members have. Where they contradict each other, the
    /// last is meant to stand for the others.
    pub(super) fn type_of_property(&mut self, parts: Vec<Part>, at: At<'_>) -> Type {
        match (self.combined(&parts, at.pointer), parts.last()) {
            (Combined::Loose(_), Some(last)) => {
                let location = Location::pointer(&last.pointer);
                self.diagnostics.report(location, messages::contradictory_property());
                self.type_of(&last.schema, At { pointer: &last.pointer, ..at })
            }
            _ => self.type_of_parts(parts, at),
        }
    }

    /// The named type of several schemas: one for the same schemas, wherever they meet.
    fn type_at_parts(&mut self, parts: Vec<Part>, at: At<'_>) -> TypeId {
        let leaves = self.leaves(&parts);
        let key: Vec<String> =
            leaves.iter().map(|leaf| format!("{} {}", leaf.pointer, leaf.without)).collect();
        let known = self.combined_at.get(&key).cloned();
        let pointer = known.unwrap_or_else(|| {
            self.combined_at.insert(key, at.pointer.to_owned());
            at.pointer.to_owned()
        });
        self.combined_parts.entry(pointer.clone()).or_insert(parts);
        self.types.at(&pointer, at.suggested, self.diagnostics)
    }

    /// What a named type is that has several schemas at once.
    pub(super) fn kind_of_parts(
        &mut self,
        id: TypeId,
        parts: &[Part],
        schema: &Schema,
        at: At<'_>,
    ) -> TypeKind {
        if parts.iter().any(only_nullable) {
            self.types.def_mut(id).nullable = true;
        }
        let combined = self.combined(parts, at.pointer);
        self.kind_of_combined(id, combined, schema, at)
    }

    /// What a named type is whose schema has alternatives, and perhaps more beside them.
    pub(super) fn kind_of_alternatives(
        &mut self,
        id: TypeId,
        schema: &Schema,
        at: At<'_>,
    ) -> TypeKind {
        let whole = Part::new(ReferenceOr::Item(schema.clone()), at.pointer.to_owned());
        let leaves = self.leaves(&[whole]);
        let combined = self.combined_leaves(leaves);
        self.kind_of_combined(id, combined, schema, at)
    }

    fn kind_of_combined(
        &mut self,
        id: TypeId,
        combined: Combined,
        schema: &Schema,
        at: At<'_>,
    ) -> TypeKind {
        match combined {
            Combined::Same(part) => {
                let at = At { pointer: &part.pointer, ..at };
                match &part.schema {
                    ReferenceOr::Item(schema) => self.kind_of_schema(id, schema, at),
                    ReferenceOr::Reference { .. } => {
                        TypeKind::Alias(self.type_of(&part.schema, at))
                    }
                }
            }
            Combined::Plain(plain, pointer) => {
                let at = At { pointer: &pointer, ..at };
                self.kind_of_plain(id, schema, &plain, at)
            }
            Combined::Struct(members) => TypeKind::Struct(self.fields(id, members, at)),
            Combined::Union(alternatives) => self.union_of(id, *alternatives, at),
            Combined::Loose(shape) => {
                self.report_loose(at);
                TypeKind::Alias(Type::plain(shape))
            }
        }
    }

    fn report_circle(&mut self, pointer: &str) {
        self.diagnostics.report(Location::pointer(pointer), messages::circular_all_of());
    }

    fn report_loose(&mut self, at: At<'_>) {
        let location = Location::Pointer(child(at.pointer, "allOf"));
        self.diagnostics.report(location, messages::contradictory_all_of());
    }

    fn combined(&mut self, parts: &[Part], pointer: &str) -> Combined {
        let is_here = |part: &Part| match &part.schema {
            ReferenceOr::Reference { reference } => {
                local_pointer(reference).is_some_and(|target| target == pointer)
            }
            ReferenceOr::Item(_) => false,
        };
        if parts.iter().any(is_here) {
            self.report_circle(pointer);
        }
        let telling = parts.iter().filter(|part| !is_here(part) && !self.part_is_empty(part));
        let telling: Vec<&Part> = telling.collect();
        match telling.as_slice() {
            [only]
                if only.without.is_empty()
                    && self.stands_alone(only)
                    && !self.is_heir(only, pointer) =>
            {
                return Combined::Same(Box::new((*only).clone()));
            }
            [] => {
                let leaves = self.leaves_within(parts, pointer);
                return self.combined_leaves(leaves);
            }
            _ => {}
        }
        if self.combined_parts.len() > MANY_COMBINED {
            return Combined::Loose(Shape::Json);
        }
        // One that has all that the others have, because it is made from them.
        let leaves = self.leaves_within(parts, pointer);
        for part in telling.into_iter().rev() {
            if !part.without.is_empty() || self.is_heir(part, pointer) {
                continue;
            }
            let own = self.leaves(std::slice::from_ref(part));
            let has = |leaf: &Leaf| {
                own.iter().any(|own| own.pointer == leaf.pointer && own.without == leaf.without)
            };
            if leaves.iter().all(|leaf| has(leaf) || says_nothing(&leaf.schema)) {
                return Combined::Same(Box::new(part.clone()));
            }
        }
        self.combined_leaves(leaves)
    }

    /// The schemas of several parts, each once, those in their `allOf` first.
    pub(super) fn leaves(&mut self, parts: &[Part]) -> Vec<Leaf> {
        self.leaves_within(parts, "")
    }

    /// As [`Lower::leaves`], of parts that make up the schema at a pointer.
    fn leaves_within(&mut self, parts: &[Part], pointer: &str) -> Vec<Leaf> {
        let is_here = |part: &Part| part.pointer == pointer && part.without.is_empty();
        let within = Some(pointer.to_owned()).filter(|_| !parts.iter().any(is_here));
        let mut leaves = Vec::new();
        for part in parts {
            self.add_leaves(part, &mut leaves, &mut within.iter().cloned().collect());
        }
        leaves
    }

    fn add_leaves(&mut self, part: &Part, leaves: &mut Vec<Leaf>, path: &mut Vec<String>) {
        let Some((schema, pointer)) = self.schema_of(part) else { return };
        if path.contains(&pointer) && part.without.is_empty() {
            self.report_circle(&pointer);
            return;
        }
        let known = |leaf: &Leaf| leaf.pointer == pointer && leaf.without == part.without;
        if leaves.iter().any(known) {
            return;
        }
        let discriminator = schema.schema_data.discriminator.clone();
        let mut schema = plain(&schema.schema_kind).into_owned();
        let all_of = child(&pointer, "allOf");
        path.push(pointer.clone());
        for (i, member) in std::mem::take(&mut schema.all_of).into_iter().enumerate() {
            self.add_leaves(&Part::new(member, child(&all_of, i)), leaves, path);
        }
        path.pop();
        let mut without = part.without;
        for (keyword, members) in [("oneOf", &mut schema.one_of), ("anyOf", &mut schema.any_of)] {
            let leads_back = |member: &ReferenceOr<Schema>| match member {
                ReferenceOr::Reference { reference } => {
                    local_pointer(reference).is_some_and(|target| path.contains(&target))
                }
                ReferenceOr::Item(_) => false,
            };
            // A schema that is an alternative of the one that it is made from is that alternative.
            if members.iter().any(leads_back) {
                members.clear();
                without = keyword;
            }
        }
        let is_known = |leaf: &Leaf| leaf.pointer == pointer && leaf.without == without;
        if schema != AnySchema::default() && !leaves.iter().any(is_known) {
            leaves.push(Leaf { schema, discriminator, pointer, without });
        }
    }

    /// The schema of a part behind its references, and where it stands.
    fn schema_of(&mut self, part: &Part) -> Option<(Schema, String)> {
        let mut pointer = part.pointer.clone();
        let mut schema = part.schema.clone();
        // No chain of references is longer than this, unless it leads back.
        for _ in 0..64 {
            match schema {
                ReferenceOr::Item(schema) => return Some((schema, pointer)),
                ReferenceOr::Reference { reference } => {
                    let target =
                        target_or_nothing(self.document, &reference, &pointer, self.diagnostics)??;
                    schema = self.document.typed(&target)?.ok()?;
                    pointer = target;
                }
            }
        }
        None
    }

    /// Whether a part only describes.
    fn part_is_empty(&mut self, part: &Part) -> bool {
        let parts = std::slice::from_ref(part);
        self.leaves(parts).iter().all(|leaf| says_nothing(&leaf.schema))
            && !matches!(part.schema, ReferenceOr::Reference { .. })
    }

    /// Whether a part tells by itself what type its values are of.
    fn stands_alone(&mut self, part: &Part) -> bool {
        let tells = |schema: &AnySchema| {
            schema.typ.is_some()
                || !schema.properties.is_empty()
                || !schema.enumeration.is_empty()
                || !schema.one_of.is_empty()
                || !schema.any_of.is_empty()
                || schema.items.is_some()
                || schema.additional_properties.is_some()
        };
        matches!(part.schema, ReferenceOr::Reference { .. })
            || self.leaves(std::slice::from_ref(part)).iter().any(|leaf| tells(&leaf.schema))
    }
}

/// Whether a part says of a value that it may be `null`, and nothing else.
fn only_nullable(part: &Part) -> bool {
    match &part.schema {
        ReferenceOr::Item(schema) => {
            schema.schema_data.nullable && says_nothing(&plain(&schema.schema_kind))
        }
        ReferenceOr::Reference { .. } => false,
    }
}
