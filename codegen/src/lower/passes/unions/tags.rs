//! Properties, and values further inside, whose known values may select a variant.

use crate::ir::{Shape, Type, VariantIndex};
use crate::lower::passes::unions::facts::{Facts, ObjectFacts, PropertyFacts};
use crate::lower::passes::unions::groups::{Groups, by_values};
use std::collections::{BTreeSet, VecDeque};

/// A variant with what is known about its objects.
pub(crate) type Object<'o, 'a> = (VariantIndex, &'o ObjectFacts<'a>);

/// The number of properties on a path.
const MAX_PATH: usize = 4;

/// The number of values that are searched for one union, since types can be recursive.
const MAX_VALUES: usize = 500;

/// A path of properties.
pub(crate) type Path = Vec<String>;

/// A value at a path, whose known values may select a variant.
pub(crate) struct Tag {
    pub(crate) path: Path,
    /// What each object allows; absent if it may be any value, or none.
    pub(crate) known: Vec<Option<Known>>,
}

/// The values that an object allows.
pub(crate) struct Known {
    pub(crate) values: Vec<String>,
    /// Whether it is always present.
    pub(crate) required: bool,
}

/// A tag that distinguishes variants.
pub(crate) struct Chosen<'o, 'a> {
    pub(crate) path: Path,
    pub(crate) arms: Groups,
    /// The objects that allow any value.
    pub(crate) free: Vec<Object<'o, 'a>>,
    /// Whether each object allows exactly one value.
    pub(crate) is_exact: bool,
    /// The objects that may be without it.
    pub(crate) optional: Vec<Object<'o, 'a>>,
}

/// Returns the tag that distinguishes most variants. Variants that accept any value are candidates
/// for each value. A tag with a single value per variant is preferred. With `required`, only tags
/// that are always present in a variant count.
pub(crate) fn choose<'o, 'a>(
    tags: &[Tag],
    objects: &[Object<'o, 'a>],
    required: bool,
) -> Option<Chosen<'o, 'a>> {
    let candidates = tags.iter().filter_map(|tag| {
        let (mut tagged, mut free) = (Vec::new(), Vec::new());
        for (object, known) in objects.iter().zip(&tag.known) {
            match known {
                Some(known) => tagged.push((object.0, known)),
                None => free.push(*object),
            }
        }
        if required && !tagged.iter().any(|(_, known)| known.required) {
            return None;
        }
        let mut arms = by_values(tagged.iter().map(|(i, known)| (*i, known.values.as_slice())))?;
        arms.iter_mut().for_each(|(_, variants)| variants.extend(free.iter().map(|(i, _)| *i)));
        let widest = arms.iter().map(|(_, variants)| variants.len()).max()?;
        let values = arms.iter().map(|(values, _)| values.len()).max()?;
        let is_exact = free.is_empty() && tagged.iter().all(|(_, known)| known.values.len() == 1);
        let with_known = objects.iter().zip(&tag.known);
        let optional = with_known.filter(|(_, known)| known.as_ref().is_none_or(|k| !k.required));
        let optional = optional.map(|(object, _)| *object).collect();
        let chosen = Chosen { path: tag.path.clone(), arms, free, is_exact, optional };
        (widest < objects.len()).then_some((widest, values, chosen))
    });
    candidates.min_by_key(|(widest, values, _)| (*widest, *values)).map(|(.., chosen)| chosen)
}

/// Returns the properties of the objects that have known values in at least one.
pub(crate) fn own_tags<'a>(
    objects: &[Object<'_, 'a>],
    facts: &Facts<'a>,
    used: &[Path],
) -> Vec<Tag> {
    let searched = names(objects).into_iter().map(|name| Nested::of(objects, name));
    let tags =
        searched.filter(|nested| !used.contains(&nested.path)).map(|nested| nested.tag(facts));
    tags.filter(|tag| tag.known.iter().any(Option::is_some)).collect()
}

/// Returns the values inside of properties that have known values in at least two objects.
pub(crate) fn nested_tags<'a>(
    objects: &[Object<'_, 'a>],
    facts: &mut Facts<'a>,
    used: &[Path],
) -> Vec<Tag> {
    let mut open: VecDeque<Nested<'a>> =
        names(objects).into_iter().map(|name| Nested::of(objects, name)).collect();
    let mut tags = Vec::new();
    let mut searched = 0;
    while let Some(nested) = open.pop_front() {
        searched += 1;
        if searched > MAX_VALUES {
            break;
        }
        let inner: Vec<Option<(ObjectFacts<'a>, bool)>> =
            nested.of.iter().map(|value| inner(value.as_ref()?, facts)).collect();
        let held: Vec<Object<'_, 'a>> = inner
            .iter()
            .enumerate()
            .filter_map(|(i, inner)| Some((i, &inner.as_ref()?.0)))
            .collect();
        if held.len() < 2 {
            continue;
        }
        for name in names(&held) {
            let path: Path = nested.path.iter().cloned().chain([name.to_owned()]).collect();
            if used.contains(&path) {
                continue;
            }
            let of = inner.iter().map(|inner| {
                let (object, is_there) = inner.as_ref()?;
                let mut value = object.property(name)?.clone();
                value.required &= *is_there;
                Some(value)
            });
            let nested = Nested { path, of: of.collect() };
            let tag = nested.tag(facts);
            if tag.known.iter().flatten().count() > 1 {
                tags.push(tag);
            }
            if nested.path.len() < MAX_PATH {
                open.push_back(nested);
            }
        }
    }
    tags
}

/// The values at a path, in each of several objects.
struct Nested<'a> {
    path: Path,
    of: Vec<Option<PropertyFacts<'a>>>,
}

impl<'a> Nested<'a> {
    fn of(objects: &[Object<'_, 'a>], name: &str) -> Self {
        let of = objects.iter().map(|(_, facts)| facts.property(name).cloned());
        Self { path: vec![name.to_owned()], of: of.collect() }
    }

    fn tag(&self, facts: &Facts<'a>) -> Tag {
        let known = self.of.iter().map(|value| {
            let value = value.as_ref()?;
            Some(Known { values: facts.property_values(value)?, required: value.required })
        });
        Tag { path: self.path.clone(), known: known.collect() }
    }
}

/// Returns the objects that a value is, directly or as elements of arrays, and whether there is
/// always one.
fn inner<'a>(value: &PropertyFacts<'a>, facts: &mut Facts<'a>) -> Option<(ObjectFacts<'a>, bool)> {
    let mut is_there = value.required;
    let mut all: Option<ObjectFacts<'a>> = None;
    for ty in &value.types {
        let api = facts.api;
        let mut ty: &'a Type = ty;
        while let Shape::List(item) = &api.resolve(ty).0.shape {
            // It may be empty.
            is_there = false;
            ty = item;
        }
        let value = facts.of(ty);
        is_there &= value.types.len() == 1;
        let object = value.object.clone()?;
        all = Some(match all {
            Some(others) => others.or(object, facts),
            None => object,
        });
    }
    is_there &= value.in_all;
    Some((all?, is_there))
}

/// Returns the names of all properties; those of each object are sorted.
fn names<'a>(objects: &[Object<'_, 'a>]) -> Vec<&'a str> {
    let mut known = BTreeSet::new();
    let mut names = Vec::new();
    for (_, facts) in objects {
        let own: BTreeSet<&'a str> = facts.properties.iter().map(|(name, _)| *name).collect();
        names.extend(own.into_iter().filter(|name| known.insert(*name)));
    }
    names
}
