//! What is known about a value before it is decoded, from the type that it may have.

use crate::ir::{
    Additional, Api, Field, JsonType, Literals, Presence, Shape, Struct, Type, TypeId, TypeKind,
};
use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::rc::Rc;

/// The number of properties that are merged for unions in each other: each union has those of all
/// unions in it.
const MAX_MERGES: usize = 2_000_000;

/// What is known about the values of all types that a union may have as variants.
pub(crate) struct Facts<'a> {
    pub(crate) api: &'a Api,
    known: BTreeMap<TypeId, Rc<ValueFacts<'a>>>,
    /// The number of pairs of types that were compared for the current union.
    pub(crate) compared: usize,
    /// The number of properties that may still be merged.
    merges_left: Cell<usize>,
}

/// What is known about the values of each variant.
pub(crate) type VariantFacts<'a> = [Rc<ValueFacts<'a>>];

/// What is known about the values of a type before they are decoded.
#[derive(Clone, Default)]
pub(crate) struct ValueFacts<'a> {
    pub(crate) types: BTreeSet<JsonType>,
    /// The known values of an enum.
    pub(crate) strings: Option<Vec<String>>,
    /// How many values of a JSON type it accepts, from `0` for a specific format to `4` for
    /// everything.
    pub(crate) breadth: u8,
    /// What is known about its objects; absent if any object may be a value.
    pub(crate) object: Option<ObjectFacts<'a>>,
}

/// What is known about objects.
#[derive(Clone, Default)]
pub(crate) struct ObjectFacts<'a> {
    /// In document order.
    pub(crate) properties: Vec<(&'a str, PropertyFacts<'a>)>,
    /// The index of each property.
    indexes: BTreeMap<&'a str, usize>,
    /// Whether there are no other properties.
    pub(crate) closed: bool,
}

/// What is known about a property.
#[derive(Clone)]
pub(crate) struct PropertyFacts<'a> {
    /// Its types, several if the object is one of several.
    pub(crate) types: Vec<&'a Type>,
    /// Whether it is always present, and never `null`.
    pub(crate) required: bool,
    /// Whether all objects declare it, if the object is one of several.
    pub(crate) in_all: bool,
}

impl<'a> ObjectFacts<'a> {
    pub(crate) fn property(&self, name: &str) -> Option<&PropertyFacts<'a>> {
        self.properties.get(*self.indexes.get(name)?).map(|(_, facts)| facts)
    }

    pub(crate) fn required(&self) -> impl Iterator<Item = &'a str> {
        self.properties.iter().filter(|(_, facts)| facts.required).map(|(name, _)| *name)
    }

    fn of(structure: &'a Struct) -> Self {
        let properties = structure.fields.iter().map(|field: &'a Field| {
            let required = field.presence == Presence::Required;
            let facts = PropertyFacts { types: vec![&field.ty], required, in_all: true };
            (field.wire.as_str(), facts)
        });
        let closed = matches!(structure.additional, Additional::Forbid);
        Self { properties: properties.collect(), indexes: BTreeMap::new(), closed }.indexed()
    }

    fn indexed(mut self) -> Self {
        let names = self.properties.iter().enumerate().skip(self.indexes.len());
        self.indexes.extend(names.map(|(i, (name, _))| (*name, i)));
        self
    }

    /// Returns what is known about objects that are either of these.
    pub(crate) fn or(mut self, other: Self, facts: &Facts<'_>) -> Self {
        for (name, known) in &mut self.properties {
            let Some(more) = other.property(name) else {
                (known.required, known.in_all) = (false, false);
                continue;
            };
            known.required &= more.required;
            known.in_all &= more.in_all;
            for ty in &more.types {
                if !known.types.iter().any(|known| facts.are_same(known, ty)) {
                    known.types.push(ty);
                }
            }
        }
        let names = &self.indexes;
        let others = other.properties.into_iter().filter(|(name, _)| !names.contains_key(name));
        self.properties.extend(others.map(|(name, facts)| {
            (name, PropertyFacts { required: false, in_all: false, ..facts })
        }));
        self.closed &= other.closed;
        self.indexed()
    }
}

impl<'a> Facts<'a> {
    /// Without facts yet. No union may contain itself.
    pub(crate) fn new(api: &'a Api) -> Self {
        Self { api, known: BTreeMap::new(), compared: 0, merges_left: Cell::new(MAX_MERGES) }
    }

    /// Returns what is known about the values of a type.
    pub(crate) fn of(&mut self, ty: &'a Type) -> Rc<ValueFacts<'a>> {
        // Unions of unions and aliases of aliases can be long chains, so this does not recurse.
        let mut open: Vec<TypeId> = named(ty).into_iter().collect();
        let mut started = BTreeSet::new();
        while let Some(&id) = open.last() {
            let parts = if started.insert(id) { self.parts(id) } else { Vec::new() };
            let missing = parts.into_iter().filter_map(named).filter(|part| {
                // A type that contains itself adds nothing new.
                !self.known.contains_key(part) && !started.contains(part)
            });
            let missing: Vec<TypeId> = missing.collect();
            if !missing.is_empty() {
                open.extend(missing);
                continue;
            }
            open.pop();
            if !self.known.contains_key(&id) {
                let facts = self.of_definition(id);
                self.known.insert(id, facts);
            }
        }
        self.of_use(ty)
    }

    /// Returns the types that decide about the values of a named type.
    fn parts(&self, id: TypeId) -> Vec<&'a Type> {
        match &self.api.def(id).kind {
            TypeKind::Alias(ty) => vec![ty],
            TypeKind::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
            TypeKind::Enum(_) | TypeKind::Struct(_) => Vec::new(),
        }
    }

    /// Returns the facts of a type whose parts are known.
    fn of_use(&self, ty: &'a Type) -> Rc<ValueFacts<'a>> {
        let only = |json, breadth| ValueFacts {
            types: BTreeSet::from([json]),
            breadth,
            ..ValueFacts::default()
        };
        Rc::new(match &ty.shape {
            Shape::Named(id) => return self.known.get(id).cloned().unwrap_or_default(),
            Shape::Timestamp | Shape::Date => only(JsonType::String, 0),
            Shape::Base64 | Shape::Base64Url => only(JsonType::String, 1),
            Shape::String => {
                let is_any = ty.constraints.is_empty();
                only(JsonType::String, if is_any { 3 } else { 2 })
            }
            Shape::Integer(_) => only(JsonType::Number, 0),
            Shape::Number => only(JsonType::Number, 1),
            // In forms, files are represented by numbers.
            Shape::Blob => only(JsonType::Number, 0),
            Shape::Boolean => only(JsonType::Boolean, 0),
            Shape::List(item) => only(JsonType::Array, self.breadth(item)),
            Shape::Tuple(_) => only(JsonType::Array, 0),
            Shape::Map(_) => only(JsonType::Object, 1),
            Shape::JsonObject => only(JsonType::Object, 2),
            Shape::Json => ValueFacts {
                types: BTreeSet::from([
                    JsonType::Boolean,
                    JsonType::Number,
                    JsonType::String,
                    JsonType::Array,
                    JsonType::Object,
                ]),
                breadth: 4,
                ..ValueFacts::default()
            },
        })
    }

    /// Returns how many values the elements of a list may have.
    fn breadth(&self, item: &Type) -> u8 {
        match &self.api.resolve(item).0.shape {
            Shape::List(item) => self.breadth(item),
            Shape::Json => 4,
            Shape::String => 3,
            Shape::JsonObject => 2,
            Shape::Map(_) | Shape::Number => 1,
            _ => 0,
        }
    }

    fn of_definition(&self, id: TypeId) -> Rc<ValueFacts<'a>> {
        match &self.api.def(id).kind {
            TypeKind::Alias(ty) => self.of_use(ty),
            TypeKind::Enum(of) if of.literals == Literals::Integers => Rc::new(ValueFacts {
                types: BTreeSet::from([JsonType::Number]),
                ..ValueFacts::default()
            }),
            TypeKind::Enum(of) => Rc::new(ValueFacts {
                types: BTreeSet::from([JsonType::String]),
                strings: Some(of.values.iter().map(|value| value.wire.clone()).collect()),
                breadth: 1,
                object: None,
            }),
            TypeKind::Struct(structure) => Rc::new(ValueFacts {
                types: BTreeSet::from([JsonType::Object]),
                object: Some(ObjectFacts::of(structure)),
                ..ValueFacts::default()
            }),
            TypeKind::Union(union) => {
                let all: Vec<_> =
                    union.variants.iter().map(|variant| self.of_use(&variant.ty)).collect();
                Rc::new(self.either(&all))
            }
        }
    }

    /// Returns what is known about values that match one of several types.
    fn either(&self, all: &[Rc<ValueFacts<'a>>]) -> ValueFacts<'a> {
        let types = all.iter().flat_map(|facts| facts.types.iter().copied()).collect();
        let breadth = all.iter().map(|facts| facts.breadth).max().unwrap_or_default();
        let strings: Option<Vec<&[String]>> =
            all.iter().map(|facts| facts.strings.as_deref()).collect();
        let strings = strings.filter(|all| !all.is_empty()).map(|strings| strings.concat());
        let with_objects = all.iter().filter(|facts| facts.types.contains(&JsonType::Object));
        let objects: Option<Vec<_>> = with_objects.map(|facts| facts.object.as_ref()).collect();
        let object = objects.and_then(|all| self.merged(all));
        ValueFacts { types, strings, breadth, object }
    }

    /// Returns what is known about objects that are one of several. If unions in each other have too
    /// many properties, nothing is.
    fn merged(&self, objects: Vec<&ObjectFacts<'a>>) -> Option<ObjectFacts<'a>> {
        let (first, others) = objects.split_first()?;
        let mut merged = self.merge(first.properties.len()).then(|| (*first).clone())?;
        for other in others {
            let properties = merged.properties.len() + other.properties.len();
            merged = self.merge(properties).then(|| merged.or((*other).clone(), self))?;
        }
        Some(merged)
    }

    /// Counts properties that are merged. Returns whether that is allowed.
    fn merge(&self, properties: usize) -> bool {
        let left = self.merges_left.get().checked_sub(properties);
        self.merges_left.set(left.unwrap_or_default());
        left.is_some()
    }

    /// Returns the known values of a type that is an enum or a constant.
    pub(crate) fn values(&self, ty: &'a Type) -> Option<Vec<String>> {
        match self.api.resolve(ty) {
            (_, Some(TypeKind::Enum(of))) => {
                Some(of.values.iter().map(|value| value.wire.clone()).collect())
            }
            (resolved, None) => {
                let uses = [&ty.constraints, &resolved.constraints].into_iter();
                let values = uses.map(|constraints| &constraints.values);
                let values = values.into_iter().find(|values| !values.is_empty())?;
                // Decoding takes `1.0` for the number `1`.
                let plain = |value: &String| value.strip_suffix(".0").unwrap_or(value).to_owned();
                let is_number = resolved.shape == Shape::Number;
                Some(match is_number {
                    true => values.iter().map(plain).collect(),
                    false => values.clone(),
                })
            }
            _ => None,
        }
    }

    /// Returns the known values of a property that all objects declare.
    pub(crate) fn property_values(&self, property: &PropertyFacts<'a>) -> Option<Vec<String>> {
        let types = property.types.iter().filter(|_| property.in_all);
        let all: Vec<Vec<String>> = types.map(|ty| self.values(ty)).collect::<Option<_>>()?;
        let mut known = HashSet::new();
        let mut values = all.concat();
        values.retain(|value| known.insert(value.clone()));
        (!values.is_empty()).then_some(values)
    }

    /// Returns whether two types accept the same values.
    pub(crate) fn are_same(&self, a: &Type, b: &Type) -> bool {
        if std::ptr::eq(a, b) {
            return true;
        }
        let ((a, a_kind), (b, b_kind)) = (self.api.resolve(a), self.api.resolve(b));
        if a.constraints != b.constraints || self.api.is_nullable(a) != self.api.is_nullable(b) {
            return false;
        }
        match (&a.shape, &b.shape, a_kind, b_kind) {
            (Shape::List(a), Shape::List(b), ..) | (Shape::Map(a), Shape::Map(b), ..) => {
                self.are_same(a, b)
            }
            (_, _, Some(TypeKind::Enum(a)), Some(TypeKind::Enum(b))) => {
                let wires = |values: &[crate::ir::EnumValue]| -> BTreeSet<String> {
                    values.iter().map(|value| value.wire.clone()).collect()
                };
                a.literals == b.literals && wires(&a.values) == wires(&b.values)
            }
            (a, b, ..) => a == b,
        }
    }
}

/// Returns the named type that a type is.
fn named(ty: &Type) -> Option<TypeId> {
    match ty.shape {
        Shape::Named(id) => Some(id),
        _ => None,
    }
}
