//! Parameters, their locations and styles.

use super::{Name, Type};

/// A parameter of an operation.
#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    /// Its name in Rust.
    pub name: Name,
    /// Its name in the request.
    pub wire: String,
    /// Its documentation.
    pub docs: Option<String>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// Its location.
    pub location: ParameterLocation,
    /// How it is serialized.
    pub style: Style,
    /// Whether reserved characters are sent unescaped (`allowReserved`). Of a cookie, whether
    /// nothing is escaped (`style: cookie`).
    pub is_reserved: bool,
    /// How the properties are encoded, if it is a form.
    pub parts: Vec<Part>,
    /// Its type.
    pub ty: Type,
    /// Whether it is required.
    pub required: bool,
    /// The default value of the server, as JSON.
    pub default: Option<String>,
    /// Whether servers receive it as a string, regardless of its type.
    pub is_string_for_servers: bool,
}

/// The location of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParameterLocation {
    /// The path.
    Path,
    /// An entry of the query, or several.
    Query,
    /// The whole query.
    QueryString,
    /// A header.
    Header,
    /// One or more cookies.
    Cookie,
}

/// How the value of a parameter is serialized. The names are those of OpenAPI, except the last
/// three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "OpenAPI defines each of these names")]
pub(crate) enum Style {
    Simple,
    SimpleExploded,
    Label,
    LabelExploded,
    Matrix,
    MatrixExploded,
    Form,
    FormExploded,
    SpaceDelimited,
    PipeDelimited,
    /// Tabs between values, as in Swagger 2.0.
    TabDelimited,
    DeepObject,
    /// A string that spans several path segments.
    Segments,
    /// The whole value as JSON.
    Json,
    /// The whole value as a urlencoded form.
    Urlencoded,
}

/// The encoding of a form property that differs from the default.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    /// Its name in the form; empty if it is a part without a name.
    pub wire: String,
    /// Its media type.
    pub media_type: Option<String>,
    /// The style of its elements.
    pub style: Option<Style>,
    /// Headers with a fixed value.
    pub headers: Vec<(String, String)>,
}
