//! Where the compared parts are: as a subject of a sentence, and as a path into both documents. Both
//! are only built for changes.

use crate::ir::{Operation, TypeDef, TypeId, Webhook};

/// A part of both documents that is compared, with the parts that contain it.
#[derive(Clone, Copy)]
pub(super) struct Site<'x> {
    outer: Option<&'x Site<'x>>,
    step: Step<'x>,
}

/// One step to a part.
#[derive(Clone, Copy)]
pub(super) enum Step<'x> {
    /// The whole API.
    Api,
    /// A named type, with its ids.
    Definition((TypeId, &'x TypeDef), (TypeId, &'x TypeDef)),
    /// An operation, with its index.
    Operation((usize, &'x Operation), (usize, &'x Operation)),
    /// A webhook, with its index.
    Webhook((usize, &'x Webhook), (usize, &'x Webhook)),
    /// A property, by its name in JSON. The member is its name in Rust.
    Property(&'x str, [&'x str; 2]),
    /// A parameter, by its location, its names in requests, and its names in Rust.
    Parameter(&'static str, [&'x str; 2], [&'x str; 2]),
    /// A part with a label, a path of keys, and a name in Rust.
    Part(&'x str, &'x [&'x str], [&'x str; 2]),
    /// The elements of an array.
    Items,
    /// An element of an array.
    Element(usize),
    /// The values of a map.
    Values,
}

/// A path into a document.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::pipeline::diff) struct Target {
    /// The pointer that the steps start from.
    pub(in crate::pipeline::diff) base: String,
    pub(in crate::pipeline::diff) steps: Vec<TargetStep>,
}

/// A step into a document. References are followed before each.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::pipeline::diff) enum TargetStep {
    Key(String),
    /// A property, which may be in a member of `allOf`.
    Property(String),
    /// A parameter, by its location and name.
    Parameter(&'static str, String),
}

/// What a change is about, to find the items of Rust that it affects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::pipeline::diff) enum Subject {
    /// A type of the old and of the new API.
    Type(Option<TypeId>, Option<TypeId>),
    /// An operation of the old and of the new API.
    Operation(Option<usize>, Option<usize>),
    /// A webhook of the old and of the new API.
    Webhook(Option<usize>, Option<usize>),
    /// The client, its builder, or its errors.
    Api,
}

impl<'x> Site<'x> {
    pub(super) fn new(step: Step<'x>) -> Self {
        Self { outer: None, step }
    }

    /// Returns a part of this one.
    pub(super) fn part<'y>(&'y self, step: Step<'y>) -> Site<'y>
    where
        'x: 'y,
    {
        Site { outer: Some(self), step }
    }

    /// Returns the subject of a sentence about this part.
    pub(super) fn label(&self) -> String {
        let outer = || self.outer.map(Site::label).unwrap_or_default();
        match &self.step {
            Step::Api => "the API".to_owned(),
            Step::Definition(_, (_, new)) => format!("`{}`", new.name.0),
            Step::Operation(_, (_, new)) => format!("`{} {}`", new.method, new.path),
            Step::Webhook(_, (_, new)) => format!("webhook `{}`", new.id),
            Step::Property(name, _) => format!("property `{name}` of {}", outer()),
            Step::Parameter(location, [_, name], _) => {
                format!("{location} parameter `{name}` of {}", outer())
            }
            Step::Part(label, ..) => format!("{label} of {}", outer()),
            Step::Items => format!("each item of {}", outer()),
            Step::Element(index) => format!("item {} of {}", index + 1, outer()),
            Step::Values => format!("each value of {}", outer()),
        }
    }

    /// Returns the path into the old (0) or new (1) document.
    pub(super) fn target(&self, side: usize) -> Target {
        let mut steps = Vec::new();
        let mut at = Some(self);
        let mut base = "";
        while let Some(site) = at {
            let key = |key: &str| TargetStep::Key(key.to_owned());
            match &site.step {
                Step::Api => {}
                Step::Definition(old, new) => base = &[old, new][side.min(1)].1.pointer,
                Step::Operation(old, new) => base = &[old, new][side.min(1)].1.pointer,
                Step::Webhook(old, new) => base = &[old, new][side.min(1)].1.pointer,
                Step::Property(name, _) => steps.push(TargetStep::Property((*name).to_owned())),
                Step::Parameter(location, names, _) => {
                    let name = names[side.min(1)].to_owned();
                    steps.push(TargetStep::Parameter(location, name));
                }
                Step::Part(_, keys, _) => steps.extend(keys.iter().rev().map(|name| key(name))),
                Step::Items => steps.push(key("items")),
                Step::Element(index) => {
                    steps.extend([key(&index.to_string()), key("prefixItems")]);
                }
                Step::Values => steps.push(key("additionalProperties")),
            }
            at = site.outer;
        }
        steps.reverse();
        Target { base: base.to_owned(), steps }
    }

    /// Returns what this part belongs to.
    pub(super) fn subject(&self) -> Subject {
        match (&self.step, self.outer) {
            (Step::Definition((old, _), (new, _)), _) => Subject::Type(Some(*old), Some(*new)),
            (Step::Operation((old, _), (new, _)), _) => Subject::Operation(Some(*old), Some(*new)),
            (Step::Webhook((old, _), (new, _)), _) => Subject::Webhook(Some(*old), Some(*new)),
            (_, Some(outer)) => outer.subject(),
            (_, None) => Subject::Api,
        }
    }

    /// Returns the names in Rust of the innermost part that has one: the old and the new one.
    pub(super) fn member(&self) -> Option<[String; 2]> {
        match &self.step {
            Step::Property(_, names) | Step::Parameter(_, _, names) | Step::Part(_, _, names)
                if !names[1].is_empty() || !names[0].is_empty() =>
            {
                Some(names.map(|name| name.trim_start_matches("r#").to_owned()))
            }
            Step::Webhook((_, old), (_, new)) => {
                Some([old, new].map(|webhook| webhook.name.0.clone()))
            }
            Step::Definition(..) | Step::Operation(..) | Step::Api => None,
            _ => self.outer.and_then(Site::member),
        }
    }
}
