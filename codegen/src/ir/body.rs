//! Bodies of requests: the types that one may have, and the ways to write each.

use super::{Name, Style, Type, TypeName};

/// The body of a request.
#[derive(Clone, Debug)]
pub struct Body {
    /// What it holds.
    pub content: BodyContent,
    /// Whether it must be given.
    pub required: bool,
    /// The description's text.
    pub docs: Option<String>,
    /// The method by which a server checks what the description cannot say.
    pub check: Name,
}

/// What a body holds.
#[derive(Clone, Debug)]
pub enum BodyContent {
    /// Always the same type.
    One(Media),
    /// One of several.
    Several {
        /// The type that holds any of them.
        name: TypeName,
        /// Each with its variant.
        alternatives: Vec<(TypeName, Media)>,
    },
}

impl Body {
    /// Its only type, if it has one.
    #[must_use]
    pub fn only(&self) -> Option<&Media> {
        match &self.content {
            BodyContent::One(media) => Some(media),
            BodyContent::Several { .. } => None,
        }
    }

    /// The type that holds any of several, if there are several.
    #[must_use]
    pub fn name(&self) -> Option<&TypeName> {
        match &self.content {
            BodyContent::One(_) => None,
            BodyContent::Several { name, .. } => Some(name),
        }
    }

    /// What it may hold.
    pub fn media(&self) -> impl Iterator<Item = &Media> {
        let (one, several) = match &self.content {
            BodyContent::One(media) => (Some(media), None),
            BodyContent::Several { alternatives, .. } => (None, Some(alternatives)),
        };
        one.into_iter().chain(several.into_iter().flatten().map(|(_, media)| media))
    }
}

/// A type that a body may have.
#[derive(Clone, Debug)]
pub struct Media {
    /// The type.
    pub ty: Type,
    /// How it is written; never empty. Clients write it in the first way, servers read any.
    pub ways: Vec<Way>,
}

/// A way to write a body.
#[derive(Clone, Debug)]
pub struct Way {
    /// The media type, or a range of types.
    pub media_type: String,
    /// What is written under it.
    pub format: Format,
}

/// What is written under a media type.
#[derive(Clone, Debug)]
pub enum Format {
    /// JSON.
    Json,
    /// A value as text.
    Text,
    /// Bytes as they are.
    Blob,
    /// A form in one line: names and texts.
    Form(Vec<Part>),
    /// A form in parts.
    Multipart(Vec<Part>),
}

/// How a property of a form is written, where it is not as usual.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its name in the form.
    pub wire: String,
    /// Its media type.
    pub media_type: Option<String>,
    /// How several parts of it are written.
    pub style: Option<Style>,
    /// Headers that always have the same value.
    pub headers: Vec<(String, String)>,
}
