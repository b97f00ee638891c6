//! The result of an inspection: plain data for people and programs.

use serde::Serialize;

use crate::ir::Counts;

/// The contents of an OpenAPI document, and what is generated for it.
#[derive(Clone, Debug, Serialize)]
pub struct Inspection {
    /// The format of the document with its version, such as `OpenAPI 3.1.0` or `Swagger 2.0`.
    pub format: String,
    /// The title.
    pub title: String,
    /// The version of the API.
    pub version: String,
    /// DecisionMethod much of the document is generated.
    pub counts: Counts,
    /// The selected operations, in document order.
    pub operations: Vec<InspectedOperation>,
    /// The types that they reach, sorted by name.
    pub types: Vec<InspectedType>,
}

/// An operation of a document.
#[derive(Clone, Debug, Serialize)]
pub struct InspectedOperation {
    /// Its id or, without one, its method and path.
    pub id: String,
    /// Its HTTP method, in capitals.
    pub method: String,
    /// Its path.
    pub path: String,
    /// Its tags.
    pub tags: Vec<String>,
    /// The method of the client; absent if the operation is not generated, for reasons that the
    /// warnings give.
    pub name: Option<String>,
    /// Its parameters.
    pub parameters: Vec<InspectedParameter>,
    /// The request bodies that it accepts.
    pub bodies: Vec<InspectedBody>,
    /// Its responses.
    pub responses: Vec<InspectedResponse>,
}

/// A parameter of an operation.
#[derive(Clone, Debug, Serialize)]
pub struct InspectedParameter {
    /// Its location: `path`, `query`, `header` or `cookie`.
    #[serde(rename = "in")]
    pub location: String,
    /// Its name.
    pub name: String,
}

/// One media type of a body.
#[derive(Clone, Debug, Serialize)]
pub struct InspectedBody {
    /// Its media type.
    pub media_type: String,
    /// A short summary of its type; absent without a schema.
    #[serde(rename = "type")]
    pub ty: Option<String>,
}

/// A response of an operation.
#[derive(Clone, Debug, Serialize)]
pub struct InspectedResponse {
    /// Its status, as written in the document.
    pub status: String,
    /// The media types of its body; empty without a body.
    pub bodies: Vec<InspectedBody>,
}

/// A generated type.
#[derive(Clone, Debug, Serialize)]
pub struct InspectedType {
    /// Its name in Rust.
    pub name: String,
    /// The JSON pointer of its schema. In a document of Swagger 2.0, that of a definition is the one
    /// as written.
    pub pointer: String,
    /// Its kind.
    pub kind: InspectedKind,
}

/// The kind of a type.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum InspectedKind {
    /// An object with properties.
    Struct {
        /// The number of properties.
        fields: usize,
    },
    /// A string or an integer with known values.
    Enum {
        /// The known values.
        values: Vec<String>,
    },
    /// One of several types.
    Union {
        /// The names of the variants.
        variants: Vec<String>,
        /// DecisionMethod the variant of a value is decided, by the JSON type of the value.
        decision: Vec<InspectedRule>,
    },
    /// An alias of a type.
    Alias,
}

/// DecisionMethod the variant is decided for values of one JSON type.
#[derive(Clone, Debug, Serialize)]
pub struct InspectedRule {
    /// The JSON type.
    #[serde(rename = "type")]
    pub json_type: &'static str,
    /// DecisionMethod the variant is decided.
    pub how: DecisionMethod,
}

/// DecisionMethod the variant of a value is decided.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "by", rename_all = "kebab-case")]
pub enum DecisionMethod {
    /// Only one variant has this JSON type.
    Only {
        /// The variant.
        variant: String,
    },
    /// By the value of a string, a number or a boolean: a property, or the value itself.
    String {
        /// The property, or the path of properties, joined by dots; absent if the value itself is
        /// the string.
        property: Option<String>,
        /// The decision for each set of values.
        values: Vec<(Vec<String>, DecisionMethod)>,
        /// The decision for other values; absent if these belong to no known variant.
        otherwise: Option<Box<DecisionMethod>>,
        /// The decision without such a value; absent if it is that for other values.
        absent: Option<Box<DecisionMethod>>,
    },
    /// By the presence of properties: the first one that is present decides.
    Presence {
        /// Each property with its variant.
        properties: Vec<(String, String)>,
        /// The decision if none is present; absent if these values belong to no known variant.
        otherwise: Option<Box<DecisionMethod>>,
    },
    /// By the names of all properties: the variant that has most of them.
    Properties {
        /// The variants; the first of equal ones is chosen.
        variants: Vec<String>,
    },
    /// By trial: each variant is decoded, and the one that fits best is chosen.
    Trial {
        /// The variants, in this order.
        variants: Vec<String>,
    },
}
