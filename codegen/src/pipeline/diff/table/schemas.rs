//! Changes of types, properties, values and constraints.

kinds! {
    /// An optional property is new.
    PROPERTY_ADDED = "property-added" / "property-removed", Compatible Compatible;

    /// An optional property was removed. Requests that have it lose its effect, or are rejected.
    PROPERTY_REMOVED = "property-removed" / "property-added", BreaksClients Compatible, Patch,
        "stop using the property";

    /// A required property is new. Requests of old clients do not have it, and builders that do not set
    /// it return an error. Responses of old servers do not have it either.
    REQUIRED_PROPERTY_ADDED = "required-property-added" / "required-property-removed",
        BreaksClients BreaksServers, Major, "set the property in requests";

    /// A required property was removed. Old clients cannot decode responses without it.
    REQUIRED_PROPERTY_REMOVED = "required-property-removed" / "required-property-added",
        BreaksClients BreaksClients, Patch, "stop using the property";

    /// A property is required now.
    PROPERTY_REQUIRED = "property-became-required" / "property-became-optional",
        BreaksClients BreaksServers, Major,
        "set the property in requests; read it without `Option` in responses";

    /// A property is optional now.
    PROPERTY_OPTIONAL = "property-became-optional" / "property-became-required",
        Compatible BreaksClients, Patch, "handle responses without the property";

    /// A property, an argument or a variant has another name in Rust. Values are the same.
    PROPERTY_RENAMED = "property-renamed", None None, Patch,
        "use the new name; the configuration can keep the old one (`names.properties`), or a setter (`compatibility.properties`)";

    /// A property has its type only while a condition holds, or now always.
    PROPERTY_CONDITION = "property-condition-changed", BreaksClients BreaksClients;

    /// `null` is allowed now.
    NULLABLE = "became-nullable" / "became-not-nullable", Compatible BreaksClients, Patch,
        "handle `null`";

    /// `null` is not allowed any more.
    NOT_NULLABLE = "became-not-nullable" / "became-nullable", BreaksClients BreaksServers, Patch,
        "do not send `null`";

    /// Properties that the schema does not declare are forbidden now.
    ADDITIONAL_FORBIDDEN = "additional-properties-forbidden" / "additional-properties-allowed",
        BreaksClients Compatible, Patch, "send declared properties only";

    /// Properties that the schema does not declare are allowed now.
    ADDITIONAL_ALLOWED = "additional-properties-allowed" / "additional-properties-forbidden",
        Compatible Compatible;

    /// Properties that the schema does not declare have a type now.
    ADDITIONAL_TYPED = "additional-properties-typed" / "additional-properties-untyped",
        BreaksClients BreaksServers, Patch, "use the type of the other properties";

    /// Properties that the schema does not declare can have any type now.
    ADDITIONAL_UNTYPED = "additional-properties-untyped" / "additional-properties-typed",
        Compatible BreaksClients, Patch, "handle values of any type";

    /// Values have another type, and neither type contains the other.
    TYPE_CHANGED = "type-changed", BreaksBoth BreaksBoth, Patch, "use the new type";

    /// Values have another type, which contains the old one.
    TYPE_WIDENED = "type-widened" / "type-narrowed", Compatible BreaksClients, Patch,
        "handle the values of the new type";

    /// Values have another type, which the old one contains.
    TYPE_NARROWED = "type-narrowed" / "type-widened", BreaksClients BreaksServers, Patch,
        "send only values of the new type";

    /// The same values have another type in Rust.
    TYPE_REPLACED = "type-replaced", Compatible Compatible, Patch, "use the new type";

    /// An enum has another value.
    VALUE_ADDED = "value-added" / "value-removed", Compatible BreaksClients, Patch,
        "handle the value; generated clients already keep values that they do not know";

    /// An enum no longer has a value.
    VALUE_REMOVED = "value-removed" / "value-added", BreaksClients BreaksServers, Patch,
        "stop using the value";

    /// A value of an enum that may also have undeclared values is declared.
    OPEN_VALUE_ADDED = "open-value-added" / "open-value-removed", Compatible Compatible;

    /// A value of an enum that may also have undeclared values is not declared any more.
    OPEN_VALUE_REMOVED = "open-value-removed" / "open-value-added", Compatible Compatible, Patch,
        "create the value from its string";

    /// A value of an enum has another name in Rust.
    VALUE_RENAMED = "value-renamed", None None, Patch,
        "use the new name; the configuration can keep the old one (`names.values`) or both (`compatibility.values`)";

    /// An enum may have undeclared values now.
    ENUM_OPENED = "enum-opened" / "enum-closed", Compatible BreaksClients, Patch,
        "handle other values";

    /// An enum may no longer have undeclared values.
    ENUM_CLOSED = "enum-closed" / "enum-opened", BreaksClients BreaksServers, Patch,
        "send declared values only";

    /// A union has another variant.
    VARIANT_ADDED = "variant-added" / "variant-removed", Compatible BreaksClients, Patch,
        "handle the variant; generated clients already keep variants that they do not know";

    /// A union no longer has a variant.
    VARIANT_REMOVED = "variant-removed" / "variant-added", BreaksClients BreaksServers, Patch,
        "stop using the variant";

    /// A variant of a union has another name in Rust.
    VARIANT_RENAMED = "variant-renamed", None None, Patch,
        "use the new name, or keep the old one in `names.variants` of the configuration";

    /// The variant of a value is decided differently, for example by another discriminator.
    DECISION_CHANGED = "union-decision-changed", Compatible Compatible;

    /// A constraint is new, or admits fewer values.
    CONSTRAINT_TIGHTENED = "constraint-tightened" / "constraint-loosened",
        BreaksClients BreaksServers, Patch, "send only values that meet the constraint";

    /// A constraint was removed, or admits more values.
    CONSTRAINT_LOOSENED = "constraint-loosened" / "constraint-tightened", Compatible BreaksClients;

    /// A constraint admits other values, neither fewer nor more.
    CONSTRAINT_CHANGED = "constraint-changed", BreaksBoth BreaksBoth, Patch,
        "send only values that meet the constraint";

    /// A default value is declared.
    DEFAULT_ADDED = "default-added" / "default-removed", Compatible Compatible;

    /// A default value is not declared any more.
    DEFAULT_REMOVED = "default-removed" / "default-added", BreaksClients Compatible, Patch,
        "send the value if you rely on it";

    /// The server uses another value where a request has none.
    DEFAULT_CHANGED = "default-changed", BreaksClients Compatible, Patch,
        "send the value if you rely on the old one";

    /// Values are hidden in `Debug` and errors now, or not any more.
    SECRET_CHANGED = "secret-changed", None None, Patch, "use `Secret<T>` where the type changes";

    /// A schema has another name, or another name in Rust.
    TYPE_RENAMED = "type-renamed", None None, Patch,
        "use the new name; the configuration can keep the old one (`names.schemas`) or both (`compatibility.types`)";

    /// A type is generated that was not before. What uses it is reported by itself.
    TYPE_ADDED = "type-added" / "type-removed", None None;

    /// A type is not generated any more, because nothing uses it.
    TYPE_REMOVED = "type-removed" / "type-added", None None, Patch, "stop using the type";
}
