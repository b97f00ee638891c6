//! `oneOf` and `anyOf`: the variants, and how the variant of a value is decided.
//!
//! By the JSON type where that is enough; among objects by an explicit discriminator, else
//! by a required property whose allowed values differ between the variants, else by
//! required properties that only one variant has. What none of these tells apart is tried.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{AnySchema, Discriminator, ReferenceOr, Schema};

use super::Lower;
use super::naming::{Scope, type_name};
use super::schema::At;
use crate::diagnostic::{Place, code};
use crate::ir::{
    Api, Decision, JsonType, Presence, Presences, Rule, Shape, Type, TypeId, TypeKind, TypeName,
    Union, Variant, VariantIndex,
};
use crate::resolve::local_pointer;
use crate::source::child;

/// A union whose variants are known and whose decision is not.
pub(super) struct Undecided {
    pub(super) id: TypeId,
    pointer: String,
    discriminator: Option<Discriminator>,
    /// The place of each variant's schema, for discriminators that name it.
    targets: Vec<Option<String>>,
}

impl Lower<'_> {
    pub(super) fn union(
        &mut self,
        id: TypeId,
        schema: &Schema,
        plain: &AnySchema,
        at: At<'_>,
    ) -> TypeKind {
        let (keyword, members) = match plain.one_of.as_slice() {
            [] => ("anyOf", &plain.any_of),
            _ => ("oneOf", &plain.one_of),
        };
        let pointer = child(at.pointer, keyword);
        let mut variants: Vec<Variant> = Vec::new();
        let mut targets = Vec::new();
        let mut scope = Scope::new();
        for (i, member) in members.iter().enumerate() {
            let at_member = child(&pointer, i);
            let title = member.as_item().and_then(|schema| schema.schema_data.title.as_deref());
            let suggested = title.map_or_else(
                || format!("{} {}", at.suggested, i + 1),
                |title| format!("{} {title}", at.suggested),
            );
            let ty = self.type_of(member, At { pointer: &at_member, suggested: &suggested });
            if let Some(same) = variants.iter().position(|variant| variant.ty == ty) {
                if keyword == "oneOf" {
                    let message = format!(
                        "variants {} and {} are the same, and `oneOf` wants exactly one of them: no value fits",
                        same + 1,
                        i + 1
                    );
                    self.diagnostics.error(
                        &code::AMBIGUOUS_UNION,
                        Place::Pointer(at_member),
                        message,
                    );
                }
                continue;
            }
            let name = self.variant_name(id, &ty);
            variants.push(Variant { name: scope.free_type(&name), ty, boxed: false });
            targets.push(match member {
                ReferenceOr::Reference { reference } => local_pointer(reference),
                ReferenceOr::Item(_) => None,
            });
        }
        if let [only] = variants.as_slice() {
            return TypeKind::Alias(only.ty.clone());
        }
        self.undecided.push(Undecided {
            id,
            pointer,
            discriminator: schema.schema_data.discriminator.clone(),
            targets,
        });
        let other = ["Unknown", "Other", "Unrecognized"].iter().find(|name| scope.take(name));
        let other = other.map_or_else(|| scope.free("Unknown"), |name| (*name).to_owned());
        TypeKind::Union(Union {
            variants,
            decision: Decision::default(),
            other: Some(TypeName(other)),
        })
    }

    /// The name of a variant's type, without the union's own name in front.
    fn variant_name(&mut self, id: TypeId, ty: &Type) -> TypeName {
        let union = self.types.def(id).name.0.clone();
        let (key, derived) = match &ty.shape {
            Shape::Named(id) => (self.upstream_name(*id), self.types.def(*id).name.0.clone()),
            shape => (shape_name(shape).to_owned(), shape_name(shape).to_owned()),
        };
        if let Some(chosen) = self.names.variants.get(&format!("{}.{key}", self.upstream_name(id)))
        {
            return TypeName(chosen.to_owned());
        }
        let short = derived
            .strip_prefix(&union)
            .filter(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
        type_name(short.unwrap_or(&derived))
    }

    /// Decides every union, now that all types are known.
    pub(super) fn decide_unions(&mut self, api: &mut Api) {
        for undecided in std::mem::take(&mut self.undecided) {
            let TypeKind::Union(union) = &api.def(undecided.id).kind else {
                continue;
            };
            let decision = self.decide(&undecided, union, api);
            api.counts.unions += 1;
            if let TypeKind::Union(union) = &mut api.types[undecided.id.0].kind {
                if decision.is_total() {
                    union.other = None;
                }
                union.decision = decision;
            }
        }
    }

    fn decide(&mut self, undecided: &Undecided, union: &Union, api: &Api) -> Decision {
        let facts: Vec<Facts> =
            union.variants.iter().map(|variant| Facts::of(&variant.ty, api)).collect();
        let mut decision = Decision::default();
        for json in [
            JsonType::Object,
            JsonType::Array,
            JsonType::String,
            JsonType::Number,
            JsonType::Boolean,
        ] {
            let candidates: Vec<VariantIndex> =
                (0..facts.len()).filter(|&i| facts[i].types.contains(&json)).collect();
            let rule = match candidates.as_slice() {
                [] => continue,
                [only] => Rule::Only(*only),
                _ if json == JsonType::Object => {
                    self.decide_objects(undecided, union, &facts, &candidates)
                }
                _ => Rule::Try(candidates),
            };
            if let Rule::Try(variants) = &rule {
                let names: Vec<_> =
                    variants.iter().map(|&i| union.variants[i].name.0.as_str()).collect();
                let message = format!(
                    "nothing tells {} apart; they are tried in this order",
                    names.join(" and ")
                );
                self.diagnostics.warning(
                    &code::TRIED_UNION,
                    Place::pointer(&undecided.pointer),
                    message,
                );
            }
            decision.rules.push((json, rule));
        }
        decision
    }

    fn decide_objects(
        &mut self,
        undecided: &Undecided,
        union: &Union,
        facts: &[Facts],
        candidates: &[VariantIndex],
    ) -> Rule {
        if let Some(rule) = self.by_discriminator(undecided, union) {
            return rule;
        }
        let objects: Vec<(VariantIndex, &ObjectFacts)> =
            candidates.iter().filter_map(|&i| Some((i, facts[i].object.as_ref()?))).collect();
        if objects.len() < candidates.len() {
            // A variant that takes any object can only come last.
            return Rule::Try(candidates.to_vec());
        }
        let presences = by_presence(&objects);
        if let Some((property, arms)) = by_tag(&objects) {
            // Where every variant has one value, a new value is a new variant. Where one has
            // several, a new value is more likely one more of those.
            let closed = arms.iter().all(|(values, _)| values.len() == 1);
            let otherwise = if closed { None } else { presences };
            return Rule::Tag { property, arms, otherwise };
        }
        presences.map_or_else(|| Rule::Try(candidates.to_vec()), Rule::Presence)
    }

    /// The description's own discriminator: values that its mapping gives, and the names of
    /// the schemas for variants that it does not.
    fn by_discriminator(&mut self, undecided: &Undecided, union: &Union) -> Option<Rule> {
        let discriminator = undecided.discriminator.as_ref()?;
        let mut arms: Vec<(Vec<String>, VariantIndex)> = Vec::new();
        let mut add =
            |value: &str, variant: VariantIndex| match arms.iter_mut().find(|(_, v)| *v == variant)
            {
                Some((values, _)) => values.push(value.to_owned()),
                None => arms.push((vec![value.to_owned()], variant)),
            };
        let place = || {
            Place::pointer(
                undecided
                    .pointer
                    .rsplit_once('/')
                    .map_or(String::new(), |(at, _)| format!("{at}/discriminator")),
            )
        };
        for (value, target) in &discriminator.mapping {
            let pointer =
                local_pointer(target).unwrap_or_else(|| child("/components/schemas", target));
            match undecided.targets.iter().position(|t| t.as_ref() == Some(&pointer)) {
                Some(variant) => add(value, variant),
                None => {
                    let message = format!(
                        "the mapping leads `{value}` to `{target}`, which is none of the variants"
                    );
                    self.diagnostics.error(&code::BAD_DISCRIMINATOR, place(), message);
                    return None;
                }
            }
        }
        for (variant, target) in undecided.targets.iter().enumerate() {
            let mapped = arms.iter().any(|(_, v)| *v == variant);
            if let (false, Some(target)) = (mapped, target) {
                let name = target
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .replace("~1", "/")
                    .replace("~0", "~");
                arms.push((vec![name], variant));
            }
        }
        let lacking = (0..union.variants.len()).find(|i| !arms.iter().any(|(_, v)| v == i));
        if let Some(lacking) = lacking {
            let message = format!(
                "no value of `{}` leads to the variant {}",
                discriminator.property_name, union.variants[lacking].name.0
            );
            self.diagnostics.warning(&code::BAD_DISCRIMINATOR, place(), message);
            return None;
        }
        Some(Rule::Tag { property: discriminator.property_name.clone(), arms, otherwise: None })
    }
}

/// The values of a property that lead to each variant.
type TagArms = Vec<(Vec<String>, VariantIndex)>;

/// A required property whose allowed values differ between all variants. One with a single
/// value for each is the better sign.
fn by_tag(objects: &[(VariantIndex, &ObjectFacts)]) -> Option<(String, TagArms)> {
    let (_, first) = objects.first()?;
    let candidates = first.tags.keys().filter_map(|property| {
        let mut seen = BTreeSet::new();
        let mut arms = Vec::new();
        for (variant, facts) in objects {
            let values = facts.tags.get(property)?;
            if !values.iter().all(|value| seen.insert(value)) {
                return None;
            }
            arms.push((values.clone(), *variant));
        }
        Some((property.clone(), arms))
    });
    candidates.min_by_key(|(_, arms)| arms.iter().map(|(values, _)| values.len()).max())
}

/// For each variant a required property that no other variant has; one may do without.
fn by_presence(objects: &[(VariantIndex, &ObjectFacts)]) -> Option<Presences> {
    let mut presences = Presences { arms: Vec::new(), otherwise: None };
    for (variant, facts) in objects {
        let elsewhere = |property: &&String| {
            objects
                .iter()
                .any(|(other, facts)| other != variant && facts.properties.contains(*property))
        };
        match facts.required.iter().find(|property| !elsewhere(property)) {
            Some(property) => presences.arms.push((property.clone(), *variant)),
            None if presences.otherwise.is_none() => presences.otherwise = Some(*variant),
            None => return None,
        }
    }
    Some(presences)
}

impl Decision {
    /// Whether some variant is found for every value that is not of an altogether wrong type:
    /// those are an error of the variant then.
    fn is_total(&self) -> bool {
        match self.rules.as_slice() {
            [(_, Rule::Presence(presences) | Rule::Tag { otherwise: Some(presences), .. })] => {
                presences.otherwise.is_some()
            }
            _ => false,
        }
    }
}

/// What is known of the values of a type before they are decoded.
struct Facts {
    types: BTreeSet<JsonType>,
    /// What is known of its objects; nothing if any object may be a value.
    object: Option<ObjectFacts>,
}

#[derive(Clone)]
struct ObjectFacts {
    /// In the order of the description.
    required: Vec<String>,
    properties: BTreeSet<String>,
    /// The allowed values of required properties that are enums.
    tags: BTreeMap<String, Vec<String>>,
}

impl Facts {
    fn of(ty: &Type, api: &Api) -> Self {
        Self::collect(ty, api, &mut Vec::new())
    }

    fn collect(ty: &Type, api: &Api, visited: &mut Vec<TypeId>) -> Self {
        let one = |json| Self { types: BTreeSet::from([json]), object: None };
        match &ty.shape {
            Shape::String | Shape::Timestamp | Shape::Date => one(JsonType::String),
            Shape::Int32 | Shape::Int64 | Shape::Uint64 | Shape::Number => one(JsonType::Number),
            Shape::Boolean => one(JsonType::Boolean),
            Shape::List(_) => one(JsonType::Array),
            Shape::JsonObject | Shape::Map(_) => one(JsonType::Object),
            Shape::Json => Self {
                types: BTreeSet::from([
                    JsonType::Boolean,
                    JsonType::Number,
                    JsonType::String,
                    JsonType::Array,
                    JsonType::Object,
                ]),
                object: None,
            },
            // A type that leads back to itself adds nothing new.
            Shape::Named(id) if visited.contains(id) => {
                Self { types: BTreeSet::new(), object: None }
            }
            Shape::Named(id) => {
                visited.push(*id);
                let facts = match &api.def(*id).kind {
                    TypeKind::Enum(_) => one(JsonType::String),
                    TypeKind::Alias(ty) => Self::collect(ty, api, visited),
                    TypeKind::Union(union) => {
                        let facts = union
                            .variants
                            .iter()
                            .map(|variant| Self::collect(&variant.ty, api, visited));
                        Self::either(facts.collect())
                    }
                    TypeKind::Struct(structure) => {
                        let required: Vec<_> = structure
                            .fields
                            .iter()
                            .filter(|f| f.presence == Presence::Required)
                            .collect();
                        let tags = required.iter().filter_map(|field| {
                            Some((field.wire.clone(), values(&field.ty, api)?))
                        });
                        Self {
                            types: BTreeSet::from([JsonType::Object]),
                            object: Some(ObjectFacts {
                                tags: tags.collect(),
                                required: required.iter().map(|field| field.wire.clone()).collect(),
                                properties: structure
                                    .fields
                                    .iter()
                                    .map(|field| field.wire.clone())
                                    .collect(),
                            }),
                        }
                    }
                };
                visited.pop();
                facts
            }
        }
    }

    /// What is known of values of which each fits one of several types.
    fn either(all: Vec<Self>) -> Self {
        let types = all.iter().flat_map(|facts| facts.types.clone()).collect();
        let with_objects = all.into_iter().filter(|facts| facts.types.contains(&JsonType::Object));
        let objects: Option<Vec<ObjectFacts>> = with_objects.map(|facts| facts.object).collect();
        let object = objects.and_then(|objects| {
            objects.into_iter().reduce(|a, b| {
                let both = a.tags.keys().filter(|tag| b.tags.contains_key(*tag));
                let tags = both.map(|tag| {
                    let mut values = a.tags[tag].clone();
                    values.extend(
                        b.tags[tag].iter().filter(|value| !a.tags[tag].contains(value)).cloned(),
                    );
                    (tag.clone(), values)
                });
                ObjectFacts {
                    tags: tags.collect(),
                    required: a
                        .required
                        .iter()
                        .filter(|name| b.required.contains(name))
                        .cloned()
                        .collect(),
                    properties: a.properties.union(&b.properties).cloned().collect(),
                }
            })
        });
        Self { types, object }
    }
}

/// The known values of a type that is an enum.
fn values(ty: &Type, api: &Api) -> Option<Vec<String>> {
    match api.resolve(ty) {
        (_, Some(TypeKind::Enum(of))) => {
            Some(of.values.iter().map(|value| value.wire.clone()).collect())
        }
        _ => None,
    }
}

/// What a variant is called whose type has no name.
fn shape_name(shape: &Shape) -> &'static str {
    match shape {
        Shape::String => "String",
        Shape::Timestamp => "Timestamp",
        Shape::Date => "Date",
        Shape::Boolean => "Boolean",
        Shape::Int32 | Shape::Int64 | Shape::Uint64 => "Integer",
        Shape::Number => "Number",
        Shape::Json | Shape::Named(_) => "Json",
        Shape::JsonObject => "Object",
        Shape::List(_) => "List",
        Shape::Map(_) => "Map",
    }
}
