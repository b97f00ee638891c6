//! From the texts of a parameter to JSON: the client's way of writing them, read back.

use std::fmt;

use serde_json::Map;
use specwright_model::style::Style;

use super::decoded;
use super::deep::Tree;
use super::entries::{Entries, Entry};

/// What a parameter is made of.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A text.
    Text,
    /// A value as JSON writes it: a number, a boolean, or anything within an element.
    Json,
    /// Either of the two, whichever fits.
    Any,
    /// Several values of one kind.
    List(&'static Kind),
    /// Names with values of one kind.
    Map(&'static Kind),
    /// Bytes as they are, in a form.
    Blob,
    /// Properties, each with its own kind.
    Record(&'static [(&'static str, Kind)]),
}

/// A parameter taken apart into its texts.
#[derive(Debug)]
pub(crate) enum Value {
    One(String),
    Many(Vec<String>),
    Pairs(Vec<(String, String)>),
    /// Its parts have parts.
    Deep(Tree),
    /// It came as JSON.
    Json(serde_json::Value),
}

/// What is wrong with a parameter before its type matters.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Wrong {
    Twice,
    NotText,
    NotPairs,
    NotJson,
    Brackets,
    NoLabel,
    NoMatrix,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Twice => "must not be given more than once",
            Self::NotText => "must be text in UTF-8",
            Self::NotPairs => "must be made of names and values",
            Self::NotJson => "must be JSON",
            Self::Brackets => "must have brackets only where it has parts",
            Self::NoLabel => "must begin with a full stop",
            Self::NoMatrix => "must begin with a semicolon and its name",
        })
    }
}

/// How the parts of one text are told apart.
#[derive(Clone, Copy)]
pub(super) struct Separated {
    by: char,
    /// Whether a name and its value have `=` between them.
    equals: bool,
    /// Whether each part is percent-encoded.
    encoded: bool,
    /// Whether there may be white space around the parts.
    is_header: bool,
}

impl Separated {
    fn plain(style: Style) -> Self {
        let by = match style {
            Style::SpaceDelimited => ' ',
            Style::PipeDelimited => '|',
            Style::LabelExploded => '.',
            _ => ',',
        };
        let equals = matches!(style, Style::SimpleExploded | Style::LabelExploded);
        Self { by, equals, encoded: false, is_header: false }
    }

    /// In a header.
    pub(super) fn header(style: Style) -> Self {
        Self { is_header: true, ..Self::plain(style) }
    }

    /// In a path.
    fn path(style: Style) -> Self {
        Self { encoded: true, ..Self::plain(style) }
    }

    fn text(self, part: &str) -> String {
        if self.encoded { decoded(part) } else { part.to_owned() }
    }
}

impl Kind {
    /// Whether it has only one part.
    pub(super) fn is_single(self) -> bool {
        matches!(self, Self::Text | Self::Json | Self::Any | Self::Blob)
    }

    /// Takes one text apart.
    pub(super) fn joined(self, text: &str, by: Separated) -> Result<Value, Wrong> {
        let parts = || {
            let is_empty = text.is_empty();
            let parts = text.split(by.by).filter(move |_| !is_empty);
            parts.map(move |part| if by.is_header { part.trim() } else { part })
        };
        Ok(match self {
            Self::Text | Self::Json | Self::Any | Self::Blob => Value::One(by.text(text)),
            Self::List(_) => Value::Many(parts().map(|part| by.text(part)).collect()),
            Self::Map(_) | Self::Record(_) if by.equals => {
                let pair = |part: &str| {
                    let (name, value) = part.split_once('=').ok_or(Wrong::NotPairs)?;
                    Ok((by.text(name), by.text(value)))
                };
                Value::Pairs(parts().map(pair).collect::<Result<_, _>>()?)
            }
            Self::Map(_) | Self::Record(_) => {
                let mut parts = parts();
                let mut pairs = Vec::new();
                while let Some(name) = parts.next() {
                    let value = parts.next().ok_or(Wrong::NotPairs)?;
                    pairs.push((by.text(name), by.text(value)));
                }
                Value::Pairs(pairs)
            }
        })
    }

    /// Takes apart what stands in the place of a parameter in the path.
    pub(super) fn path(self, name: &str, style: Style, raw: &str) -> Result<Value, Wrong> {
        let by = Separated::path(style);
        match style {
            Style::Json => json(&decoded(raw)),
            Style::Label | Style::LabelExploded => {
                self.joined(raw.strip_prefix('.').ok_or(Wrong::NoLabel)?, by)
            }
            Style::MatrixExploded => {
                let parts = raw.strip_prefix(';').ok_or(Wrong::NoMatrix)?.split(';');
                let entries = parts.map(|part| {
                    let (name, raw) = part.split_once('=').unwrap_or((part, ""));
                    Entry { name: decoded(name), text: decoded(raw), raw: raw.to_owned() }
                });
                let entries = Entries { all: entries.collect(), claimed: vec![] };
                self.entries(name, Style::FormExploded, &entries)?.ok_or(Wrong::NoMatrix)
            }
            Style::Matrix => {
                let part = raw.strip_prefix(';').ok_or(Wrong::NoMatrix)?;
                let (own, raw) = part.split_once('=').unwrap_or((part, ""));
                if decoded(own) != name {
                    return Err(Wrong::NoMatrix);
                }
                self.joined(raw, by)
            }
            _ => self.joined(raw, by),
        }
    }

    /// Finds a parameter in a query or in cookies, where it may be spread over several entries.
    pub(crate) fn entries(
        self,
        name: &str,
        style: Style,
        entries: &Entries,
    ) -> Result<Option<Value>, Wrong> {
        let Entries { all, claimed } = entries;
        let own = || all.iter().filter(|entry| entry.name == name);
        match (self, style) {
            (Self::List(_), Style::FormExploded) => {
                let items: Vec<_> = own().map(|entry| entry.text.clone()).collect();
                Ok((!items.is_empty()).then_some(Value::Many(items)))
            }
            (_, Style::DeepObject) => {
                let leaves = all.iter().filter_map(|entry| {
                    let rest = entry.name.strip_prefix(name)?;
                    let is_own = rest.is_empty() || rest.starts_with('[');
                    is_own.then_some((rest, entry.text.as_str()))
                });
                let leaves: Vec<_> = leaves.collect();
                if leaves.is_empty() {
                    return Ok(None);
                }
                Tree::read(self, &leaves).map(|tree| Some(Value::Deep(tree)))
            }
            (Self::Record(fields), Style::FormExploded) => {
                pairs(all, |key| fields.iter().any(|(name, _)| *name == key))
            }
            // It has what nobody else has: neither `name` nor `name[key]`.
            (Self::Map(_), Style::FormExploded) => pairs(all, |key| {
                let is_free = |key| key == name || !claimed.contains(&key);
                let object = key.split('[').next().unwrap_or_default();
                is_free(key) && is_free(object)
            }),
            _ => {
                let mut own = own();
                let Some(entry) = own.next() else { return Ok(None) };
                if own.next().is_some() {
                    return Err(Wrong::Twice);
                }
                if style == Style::Json {
                    return json(&entry.text).map(Some);
                }
                // Many encode the commas that separate parts, too: where none stands as it is,
                // the encoded ones are taken for them.
                let by = Separated::plain(style);
                if by.by == ',' && !self.is_single() && entry.raw.contains(',') {
                    return self.joined(&entry.raw, Separated { encoded: true, ..by }).map(Some);
                }
                self.joined(&entry.text, by).map(Some)
            }
        }
    }

    /// What a parameter may mean, as JSON. What comes first is what a writer would more
    /// likely have meant.
    pub(super) fn readings(self, value: &Value) -> impl Iterator<Item = serde_json::Value> {
        self.ways().map(move |as_text| self.json(value, as_text))
    }

    /// Whether what may be either is a text, for each reading.
    pub(crate) fn ways(self) -> impl Iterator<Item = bool> {
        let texts = if self.is_open() { [Some(false), Some(true)] } else { [Some(false), None] };
        texts.into_iter().flatten()
    }

    /// Whether it is a text or JSON, whichever fits.
    pub(crate) fn is_any(self) -> bool {
        matches!(self, Self::Any)
    }

    /// What a property is made of.
    pub(crate) fn of_property(self, name: &str) -> Self {
        match self {
            Self::Map(kind) => *kind,
            Self::Record(fields) => {
                let known = fields.iter().find(|(field, _)| *field == name);
                known.map_or(Self::Any, |(_, kind)| *kind)
            }
            _ => Self::Any,
        }
    }

    pub(crate) fn json(self, value: &Value, as_text: bool) -> serde_json::Value {
        match value {
            Value::One(text) => self.scalar(text, as_text),
            Value::Many(texts) => {
                let item = if let Self::List(item) = self { *item } else { Self::Any };
                texts.iter().map(|text| item.scalar(text, as_text)).collect()
            }
            Value::Pairs(pairs) => {
                let entries = pairs.iter().map(|(name, text)| {
                    (name.clone(), self.of_property(name).scalar(text, as_text))
                });
                entries.collect::<Map<_, _>>().into()
            }
            Value::Deep(tree) => tree.json(self, as_text),
            Value::Json(json) => json.clone(),
        }
    }

    /// One text as JSON. What is none stays a text, which decoding then complains about.
    pub(crate) fn scalar(self, text: &str, as_text: bool) -> serde_json::Value {
        let is_text = match self {
            Self::Text | Self::Blob => true,
            Self::Any => as_text,
            _ => false,
        };
        if is_text || text.trim() != text {
            return text.into();
        }
        match serde_json::from_str(text) {
            // The writer puts no quotes around a text.
            Ok(serde_json::Value::String(_)) | Err(_) if !text.is_empty() => text.into(),
            Ok(json) => json,
            Err(_) if matches!(self, Self::Any) => text.into(),
            Err(_) => serde_json::Value::Null,
        }
    }

    /// Whether a text in it has two readings.
    fn is_open(self) -> bool {
        match self {
            Self::Any => true,
            Self::Text | Self::Json | Self::Blob => false,
            Self::List(kind) | Self::Map(kind) => kind.is_open(),
            // Its further properties may be anything.
            Self::Record(_) => true,
        }
    }
}

/// The entries that are properties.
fn pairs(entries: &[Entry], is_one: impl Fn(&str) -> bool) -> Result<Option<Value>, Wrong> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for entry in entries.iter().filter(|entry| is_one(&entry.name)) {
        if pairs.iter().any(|(other, _)| *other == entry.name) {
            return Err(Wrong::Twice);
        }
        pairs.push((entry.name.clone(), entry.text.clone()));
    }
    Ok((!pairs.is_empty()).then_some(Value::Pairs(pairs)))
}

/// A text that is JSON.
pub(super) fn json(text: &str) -> Result<Value, Wrong> {
    serde_json::from_str(text).map(Value::Json).map_err(|_| Wrong::NotJson)
}
