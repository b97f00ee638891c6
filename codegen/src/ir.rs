//! An API as the emitter sees it: plain data, every name decided, every reference
//! resolved. No types of the description and no tokens.

use crate::Counts;

/// A whole API.
#[derive(Clone, Debug, Default)]
pub struct Api {
    /// The title of the description.
    pub title: String,
    /// Its text.
    pub docs: Option<String>,
    /// Where it is served, by default.
    pub server: Server,
    /// The keys that its operations need.
    pub schemes: Vec<Scheme>,
    /// The operations, in the order of the description.
    pub operations: Vec<Operation>,
    /// The types, in the order in which they were found; a [`TypeId`] is a place in this list.
    pub types: Vec<TypeDef>,
    /// The bodies of error answers, each once.
    pub error_bodies: Vec<ErrorBody>,
    /// What of the description is in here.
    pub counts: Counts,
}

impl Api {
    /// The type with an id.
    #[must_use]
    pub fn def(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0]
    }

    /// What a type is behind its aliases: the type there, and its definition if it has one.
    #[must_use]
    pub fn resolve<'a>(&'a self, ty: &'a Type) -> (&'a Type, Option<&'a TypeKind>) {
        let mut ty = ty;
        // Aliases can name each other in a circle; none is longer than the list of types.
        for _ in 0..=self.types.len() {
            match &ty.shape {
                Shape::Named(id) => match &self.def(*id).kind {
                    TypeKind::Alias(target) => ty = target,
                    kind => return (ty, Some(kind)),
                },
                _ => break,
            }
        }
        (ty, None)
    }

    /// Whether `null` is a value of a type.
    #[must_use]
    pub fn is_nullable(&self, ty: &Type) -> bool {
        let mut ty = ty;
        for _ in 0..=self.types.len() {
            match &ty.shape {
                _ if ty.nullable => return true,
                Shape::Named(id) if self.def(*id).nullable => return true,
                Shape::Named(id) => match &self.def(*id).kind {
                    TypeKind::Alias(target) => ty = target,
                    _ => return false,
                },
                _ => return false,
            }
        }
        false
    }
}

/// The name of a type in Rust: upper camel case, unique among the types of its API.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeName(pub String);

/// The name of a field, method or module in Rust: snake case, `r#` where it is a keyword.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(pub String);

/// A named type of an API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TypeId(pub usize);

/// The definition of a named type.
#[derive(Clone, Debug)]
pub struct TypeDef {
    /// Its name.
    pub name: TypeName,
    /// The file that it is in, without ending.
    pub module: Name,
    /// Its name in the description; none if it is written where it is used.
    pub upstream: Option<String>,
    /// Where the description has it: a JSON pointer.
    pub pointer: String,
    /// The description's text.
    pub docs: Option<String>,
    /// Whether the description advises against it.
    pub deprecated: bool,
    /// Whether `null` is a value of it.
    pub nullable: bool,
    /// What the API takes where a value of it is absent, as JSON.
    pub default: Option<String>,
    /// Whether values of it, or within it, have constraints.
    pub constrained: bool,
    /// What it is.
    pub kind: TypeKind,
}

/// What a named type is.
#[derive(Clone, Debug)]
pub enum TypeKind {
    /// An object with named properties.
    Struct(Struct),
    /// A string of which some values are known.
    Enum(Enum),
    /// One of several types.
    Union(Union),
    /// Another name of a type.
    Alias(Type),
}

/// A use of a type.
#[derive(Clone, Debug, PartialEq)]
pub struct Type {
    /// What it is.
    pub shape: Shape,
    /// The constraints of this use.
    pub rules: Rules,
    /// Whether `null` is a value here.
    pub nullable: bool,
}

impl Type {
    /// A type without constraints.
    #[must_use]
    pub fn plain(shape: Shape) -> Self {
        Self { shape, rules: Rules::default(), nullable: false }
    }
}

/// What a value can be.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// Any text.
    String,
    /// A moment, as RFC 3339.
    Timestamp,
    /// A day, as RFC 3339.
    Date,
    /// `true` or `false`.
    Boolean,
    /// A number without fraction, of 32 bits.
    Int32,
    /// A number without fraction, of 64 bits.
    Int64,
    /// A natural number of 64 bits.
    Uint64,
    /// Any number.
    Number,
    /// Any JSON value.
    Json,
    /// A JSON object with any properties.
    JsonObject,
    /// A list of values of one type.
    List(Box<Type>),
    /// An object whose properties all have one type.
    Map(Box<Type>),
    /// A named type.
    Named(TypeId),
}

/// Constraints of a value. Each applies to the shapes that it makes sense for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rules {
    /// The least number of characters.
    pub min_length: Option<usize>,
    /// The greatest number of characters.
    pub max_length: Option<usize>,
    /// A regular expression.
    pub pattern: Option<String>,
    /// The least value, and whether it is itself left out.
    pub minimum: Option<Bound>,
    /// The greatest value, and whether it is itself left out.
    pub maximum: Option<Bound>,
    /// The value is a multiple of this.
    pub multiple_of: Option<f64>,
    /// The least number of elements or properties.
    pub min_count: Option<usize>,
    /// The greatest number of elements or properties.
    pub max_count: Option<usize>,
    /// No element stands twice.
    pub unique: bool,
}

impl Rules {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The end of a range of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// The number.
    pub value: f64,
    /// Whether the number itself is outside.
    pub exclusive: bool,
}

/// An object with named properties.
#[derive(Clone, Debug, Default)]
pub struct Struct {
    /// The properties, in the order of the description.
    pub fields: Vec<Field>,
    /// What becomes of other properties.
    pub additional: Additional,
}

impl Struct {
    /// Whether a value without any property is complete.
    #[must_use]
    pub fn has_default(&self) -> bool {
        let optional =
            |field: &Field| matches!(field.presence, Presence::Optional | Presence::ThreeState);
        self.fields.iter().all(|field| optional(field) && field.constant.is_none())
    }
}

/// What becomes of properties that are not named.
#[derive(Clone, Debug, Default)]
pub enum Additional {
    /// They are kept as they come.
    #[default]
    Keep,
    /// They have a type.
    Typed(Type),
    /// The description forbids them: they are read over.
    Ignore,
}

/// A property.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name in Rust.
    pub name: Name,
    /// Its name in JSON.
    pub wire: String,
    /// The description's text.
    pub docs: Option<String>,
    /// Whether the description advises against it.
    pub deprecated: bool,
    /// Its type.
    pub ty: Type,
    /// When it is there.
    pub presence: Presence,
    /// Whether it is behind a pointer, because its type holds the type that it is in.
    pub boxed: bool,
    /// Its only value, which nobody needs to give.
    pub constant: Option<Constant>,
    /// What the API takes if it is absent, as JSON.
    pub default: Option<String>,
}

/// When a property is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Always, with a value.
    Required,
    /// Always, but perhaps `null`.
    RequiredNullable,
    /// Perhaps; `null` is the same as absent.
    Optional,
    /// Perhaps; `null` is not the same as absent.
    ThreeState,
}

/// The only value of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Constant {
    /// The enum that has one value.
    pub of: TypeId,
}

/// A string of which some values are known. It is always open: others are kept.
#[derive(Clone, Debug)]
pub struct Enum {
    /// The known values.
    pub values: Vec<EnumValue>,
    /// The variant for all others.
    pub other: TypeName,
}

/// A known value of an enum.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// Its variant.
    pub name: TypeName,
    /// The value.
    pub wire: String,
}

/// One of several types.
#[derive(Clone, Debug)]
pub struct Union {
    /// The types.
    pub variants: Vec<Variant>,
    /// How the variant of a value is found.
    pub decision: Decision,
    /// The variant for values for which none is found; none if that cannot be.
    pub other: Option<TypeName>,
}

/// One type of a union.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Its name.
    pub name: TypeName,
    /// The type.
    pub ty: Type,
    /// Whether it is behind a pointer, because it is large or holds the union.
    pub boxed: bool,
}

/// A place in the list of a union's variants.
pub type VariantIndex = usize;

/// How the variant of a value is found: by its JSON type, then by the rule for that type.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decision {
    /// The rule for each JSON type that a variant has.
    pub rules: Vec<(JsonType, Rule)>,
}

/// A type that JSON itself tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JsonType {
    /// `true` or `false`
    Boolean,
    /// any number
    Number,
    /// a string
    String,
    /// an array
    Array,
    /// an object
    Object,
}

/// How the variant is found among those of one JSON type.
#[derive(Clone, Debug, PartialEq)]
pub enum Rule {
    /// There is only one.
    Only(VariantIndex),
    /// By the text of a property.
    Tag {
        /// The property.
        property: String,
        /// The values that lead to each variant.
        arms: Vec<(Vec<String>, VariantIndex)>,
        /// Where other values lead; none where they are no value of the union.
        otherwise: Option<Presences>,
    },
    /// By which properties are there.
    Presence(Presences),
    /// By decoding each in turn. Nothing better is known.
    Try(Vec<VariantIndex>),
}

/// Variants by which properties are there: the first that is there decides.
#[derive(Clone, Debug, PartialEq)]
pub struct Presences {
    /// A property and the variant that it leads to.
    pub arms: Vec<(String, VariantIndex)>,
    /// The variant if none is there.
    pub otherwise: Option<VariantIndex>,
}

/// Where an API is served.
#[derive(Clone, Debug, Default)]
pub struct Server {
    /// The address, with variables in braces; empty if the description has none.
    pub url: String,
    /// The variables.
    pub variables: Vec<ServerVariable>,
    /// The environment variable that replaces the address.
    pub env: Option<String>,
}

/// A variable in the address of a server.
#[derive(Clone, Debug)]
pub struct ServerVariable {
    /// Its name in the address.
    pub wire: String,
    /// The method of the builder that sets it.
    pub name: Name,
    /// The description's text.
    pub docs: Option<String>,
    /// Its default value.
    pub default: String,
    /// Its known values; any if there are none.
    pub values: Vec<String>,
    /// The environment variable that holds it.
    pub env: Option<String>,
}

/// A kind of key.
#[derive(Clone, Debug)]
pub struct Scheme {
    /// Its name in the description.
    pub id: String,
    /// The method of the builder that sets it.
    pub name: Name,
    /// The description's text.
    pub docs: Option<String>,
    /// How it is sent.
    pub credential: Credential,
    /// The environment variable that holds it.
    pub env: Option<String>,
}

/// How a key is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Credential {
    /// In a header of this name.
    Header(String),
    /// In a query parameter of this name.
    Query(String),
    /// In a cookie of this name.
    Cookie(String),
    /// As `Authorization: Bearer`.
    Bearer,
    /// As `Authorization: Basic`.
    Basic,
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its id in the description.
    pub id: String,
    /// The method of the client.
    pub name: Name,
    /// The file that it is in, without ending.
    pub module: Name,
    /// The type of its request.
    pub request: TypeName,
    /// The description's summary.
    pub summary: Option<String>,
    /// The description's text.
    pub docs: Option<String>,
    /// Whether the description advises against it.
    pub deprecated: bool,
    /// Why it may still change (`x-unstable`).
    pub unstable: Option<String>,
    /// The HTTP method, in capitals.
    pub method: String,
    /// The path, with parameters in braces.
    pub path: String,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The body.
    pub body: Option<Body>,
    /// What a success brings.
    pub output: Output,
    /// The answers that mean failure and have a body with a type.
    pub errors: Vec<(Status, ErrorBodyIndex)>,
    /// The alternatives of keys; each is a list of places in [`Api::schemes`].
    pub security: Vec<Vec<usize>>,
    /// What the description says of its pages, with the place; taken when it is settled.
    pub(crate) paging_hint: Option<(serde_json::Value, String)>,
    /// How its pages follow each other.
    pub paging: Option<Paging>,
}

/// A parameter of an operation.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name in Rust.
    pub name: Name,
    /// Its name in the request.
    pub wire: String,
    /// The description's text.
    pub docs: Option<String>,
    /// Whether the description advises against it.
    pub deprecated: bool,
    /// Where it stands.
    pub place: ParameterPlace,
    /// How several parts of it are written.
    pub style: Style,
    /// Its type.
    pub ty: Type,
    /// Whether it must be given.
    pub required: bool,
    /// What the API takes if it is not given, as JSON.
    pub default: Option<String>,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterPlace {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

/// How several parts of a parameter are written. The names are those of OpenAPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "OpenAPI defines each of these names")]
pub enum Style {
    Simple,
    SimpleExploded,
    Form,
    FormExploded,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
}

/// The body of a request, as JSON.
#[derive(Clone, Debug)]
pub struct Body {
    /// Its type.
    pub ty: Type,
    /// Whether it must be given.
    pub required: bool,
    /// The description's text.
    pub docs: Option<String>,
}

/// What a success brings.
#[derive(Clone, Debug)]
pub enum Output {
    /// Nothing but its status.
    Empty,
    /// One type, whatever the status.
    One(Type),
    /// A type for each status.
    PerStatus {
        /// The type that holds any of them.
        name: TypeName,
        /// The statuses.
        answers: Vec<SuccessAnswer>,
    },
}

/// A success among several.
#[derive(Clone, Debug)]
pub struct SuccessAnswer {
    /// Its status.
    pub status: Status,
    /// Its variant.
    pub name: TypeName,
    /// The type of its body; none if it has none.
    pub ty: Option<Type>,
    /// The description's text.
    pub docs: Option<String>,
}

/// A status, or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Exactly this one.
    Code(u16),
    /// All of a hundred: `4` for those from 400 to 499.
    Range(u16),
    /// All that no other answer has.
    Default,
}

/// A place in [`Api::error_bodies`].
pub type ErrorBodyIndex = usize;

/// A type of body that error answers have.
#[derive(Clone, Debug)]
pub struct ErrorBody {
    /// Its variant in the enum of all of them.
    pub name: TypeName,
    /// Its type.
    pub ty: Type,
}

/// How the pages of an operation follow each other.
#[derive(Clone, Debug)]
pub struct Paging {
    /// The way to the entries of a page.
    pub results: Vec<Step>,
    /// The type of an entry.
    pub item: Type,
    /// How the next page is asked for.
    pub next: Next,
}

/// How the next page is asked for.
#[derive(Clone, Debug)]
pub enum Next {
    /// With a cursor from the page before.
    Cursor {
        /// The way to it in the page.
        from: Vec<Step>,
        /// The way to its place in the request.
        to: Vec<Step>,
    },
    /// With the number of entries so far.
    Offset {
        /// The way to its place in the request.
        to: Vec<Step>,
        /// The type of the number there.
        ty: Type,
    },
    /// With the number of the page.
    Page {
        /// The way to its place in the request.
        to: Vec<Step>,
        /// The type of the number there.
        ty: Type,
        /// The number of the first page.
        first: i64,
    },
}

/// One field on the way into a request or an answer.
#[derive(Clone, Debug)]
pub struct Step {
    /// The field.
    pub name: Name,
    /// Whether it may be absent.
    pub optional: bool,
    /// Whether it is behind a pointer.
    pub boxed: bool,
}
