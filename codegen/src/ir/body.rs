//! Request bodies: the types that a body may have, and the formats of each.

use super::{Framing, Name, Part, Type, TypeName};

/// The body of a request.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    /// Its content.
    pub content: BodyContent,
    /// Whether it is required.
    pub required: bool,
    /// Its documentation.
    pub docs: Option<String>,
    /// The media types that a caller of a client can choose among, if one type has several.
    pub content_type: Option<ContentType>,
    /// The server's method for checks that the document cannot express.
    pub check_method: Name,
}

/// The media types of a body that a caller can choose among.
#[derive(Clone, Debug)]
pub(crate) struct ContentType {
    /// The request field that holds the choice.
    pub field: Name,
    /// The request methods that choose a media type, each with the media type.
    pub setters: Vec<(Name, String)>,
}

/// The content of a body.
#[derive(Clone, Debug)]
pub(crate) enum BodyContent {
    /// A single type.
    One(Media),
    /// One of several types.
    Several {
        /// The enum of all types.
        name: TypeName,
        /// Each type with its variant.
        alternatives: Vec<(TypeName, Media)>,
    },
}

impl Body {
    /// Returns the type of a body that has only one.
    pub(crate) fn only(&self) -> Option<&Media> {
        match &self.content {
            BodyContent::One(media) => Some(media),
            BodyContent::Several { .. } => None,
        }
    }

    /// Returns the name of the enum, if the body has several types.
    pub(crate) fn name(&self) -> Option<&TypeName> {
        match &self.content {
            BodyContent::One(_) => None,
            BodyContent::Several { name, .. } => Some(name),
        }
    }

    /// Returns all types that the body may have.
    pub(crate) fn media(&self) -> impl Iterator<Item = &Media> {
        let (one, several) = match &self.content {
            BodyContent::One(media) => (Some(media), None),
            BodyContent::Several { alternatives, .. } => (None, Some(alternatives)),
        };
        one.into_iter().chain(several.into_iter().flatten().map(|(_, media)| media))
    }
}

/// A type that a body may have.
#[derive(Clone, Debug)]
pub(crate) struct Media {
    /// The type.
    pub ty: Type,
    /// Its formats; never empty. Clients write the first one by default, servers read all of them.
    pub formats: Vec<BodyFormat>,
}

impl Media {
    /// Returns whether the same value can be written in several formats.
    pub(crate) fn has_choice(&self) -> bool {
        let is_encoded = |format: &BodyFormat| {
            !matches!(format.encoding, BodyEncoding::Blob | BodyEncoding::PlainText)
        };
        self.formats.len() > 1 && self.formats.iter().all(is_encoded)
    }
}

/// A format of a body.
#[derive(Clone, Debug)]
pub(crate) struct BodyFormat {
    /// The media type, or a range of media types.
    pub media_type: String,
    /// How the value is encoded.
    pub encoding: BodyEncoding,
}

/// How a body is encoded.
#[derive(Clone, Debug)]
pub(crate) enum BodyEncoding {
    /// JSON.
    Json,
    /// A scalar as `text/plain`.
    PlainText,
    /// Raw bytes.
    Blob,
    /// A urlencoded form.
    Form(Vec<Part>),
    /// A multipart form.
    Multipart(Vec<Part>),
    /// The elements of a list as JSON values.
    Values(Framing),
    /// The elements of a list as server-sent events.
    Events,
    /// The elements of a list as parts without names.
    Parts {
        /// The encodings of the first elements.
        prefix: Vec<Part>,
        /// The encoding of all others.
        rest: Box<Part>,
    },
}
