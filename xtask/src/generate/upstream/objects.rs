//! The objects of OpenAPI, and how each of their fields is compared and copied.

/// An object of OpenAPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    PathItem,
    Callback,
    Operation,
    Parameter,
    Body,
    Response,
    Media,
    Header,
    Encoding,
    Schema,
    Discriminator,
    Scheme,
    Flows,
    Flow,
    Server,
    Variable,
}

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Words for people, which are our own.
    Prose,
    /// Neither compared nor copied.
    Ignored,
    /// A value as a whole.
    Value,
    /// A boolean that is `false` by default.
    Flag,
    /// An object.
    Child(Kind),
    /// Objects by name, with what one of them is called in sentences.
    Map(Kind, &'static str),
    /// Plain values by name.
    Entries,
    /// Objects in an array.
    List(Kind),
    /// A set of strings, with what one of them is called in sentences.
    Names(&'static str),
    /// Has a comparison of its own.
    Special,
}

/// The methods of a path item.
pub(super) const METHODS: [&str; 9] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

impl Kind {
    /// Returns how a field of this object is compared.
    pub(super) fn rule(self, key: &str) -> Rule {
        // Of the extensions, those that the generator reads and publishers use.
        if key.starts_with("x-") {
            return match key {
                "x-enum-varnames" => Rule::Special,
                "x-pagination" => Rule::Entries,
                "x-unstable" => Rule::Value,
                _ => Rule::Ignored,
            };
        }
        if ["description", "summary", "example", "examples", "externalDocs"].contains(&key) {
            return Rule::Prose;
        }
        match self {
            Self::PathItem => match key {
                "parameters" | "servers" => Rule::Special,
                key if METHODS.contains(&key) => Rule::Child(Self::Operation),
                _ => Rule::Value,
            },
            Self::Callback => Rule::Child(Self::PathItem),
            Self::Operation => match key {
                "parameters" | "security" | "servers" => Rule::Special,
                "callbacks" => Rule::Map(Self::Callback, "callback"),
                "tags" => Rule::Names("tag"),
                "requestBody" => Rule::Child(Self::Body),
                "responses" => Rule::Map(Self::Response, "response"),
                "deprecated" => Rule::Flag,
                _ => Rule::Value,
            },
            Self::Parameter | Self::Header => match key {
                "schema" => Rule::Child(Self::Schema),
                "content" => Rule::Map(Self::Media, "media type"),
                "required" | "deprecated" | "allowReserved" | "allowEmptyValue" => Rule::Flag,
                _ => Rule::Value,
            },
            Self::Body => match key {
                "content" => Rule::Map(Self::Media, "media type"),
                "required" => Rule::Flag,
                _ => Rule::Value,
            },
            Self::Response => match key {
                "headers" => Rule::Map(Self::Header, "header"),
                "content" => Rule::Map(Self::Media, "media type"),
                // The generator does not use them.
                "links" => Rule::Ignored,
                _ => Rule::Value,
            },
            Self::Media => match key {
                "schema" | "itemSchema" => Rule::Child(Self::Schema),
                "encoding" => Rule::Map(Self::Encoding, "encoding"),
                _ => Rule::Value,
            },
            Self::Encoding => match key {
                "headers" => Rule::Map(Self::Header, "header"),
                "allowReserved" => Rule::Flag,
                _ => Rule::Value,
            },
            Self::Schema => schema(key),
            Self::Discriminator => match key {
                "mapping" => Rule::Special,
                _ => Rule::Value,
            },
            Self::Scheme => match key {
                "flows" => Rule::Child(Self::Flows),
                "deprecated" => Rule::Flag,
                _ => Rule::Value,
            },
            Self::Flows => Rule::Child(Self::Flow),
            Self::Flow => match key {
                "scopes" => Rule::Special,
                _ => Rule::Value,
            },
            Self::Server => match key {
                "variables" => Rule::Map(Self::Variable, "variable"),
                "name" => Rule::Prose,
                _ => Rule::Value,
            },
            Self::Variable => match key {
                "enum" => Rule::Names("value"),
                _ => Rule::Value,
            },
        }
    }

    /// Returns the fields with words that an object has to have.
    pub(super) fn prose(self) -> &'static [&'static str] {
        match self {
            Self::Operation => &["summary", "description"],
            Self::Parameter
            | Self::Body
            | Self::Response
            | Self::Header
            | Self::Schema
            | Self::Scheme
            | Self::Server
            | Self::Variable => &["description"],
            _ => &[],
        }
    }
}

fn schema(key: &str) -> Rule {
    match key {
        "title" | "$comment" => Rule::Prose,
        "properties" | "patternProperties" => Rule::Map(Kind::Schema, "property"),
        "items" | "not" | "contains" | "propertyNames" => Rule::Child(Kind::Schema),
        "allOf" | "oneOf" | "anyOf" | "prefixItems" => Rule::List(Kind::Schema),
        "discriminator" => Rule::Child(Kind::Discriminator),
        "required" | "enum" | "additionalProperties" => Rule::Special,
        "nullable" | "readOnly" | "writeOnly" | "deprecated" | "uniqueItems"
        | "exclusiveMinimum" | "exclusiveMaximum" => Rule::Flag,
        // Its values are in `enum`, see `keyword`.
        "const" => Rule::Ignored,
        _ => Rule::Value,
    }
}
