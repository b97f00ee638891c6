//! Diagnostics of schemas, unions and names.

diagnostics! {
    /// The target of a `$ref` in a schema does not exist. The value is generated as untyped JSON.
    UNRESOLVED_SCHEMA = "unresolved-schema", Warning, "fix the reference, or add the schema" {
        unresolved_schema(reference, suggestion)
            "unresolved reference `{reference}`; generating an untyped value{suggestion}";
        unresolved_dynamic_reference(reference)
            "dynamic reference `{reference}` has no target here; generating an untyped value",
            "add a schema with this `$dynamicAnchor`, or use `$ref`";
        endless_dynamic_reference(reference)
            "copies of `{reference}` for its dynamic references never end; using it as it is",
            "end the recursion with a `$ref`";
    }

    /// A schema is defined by nothing but itself, so it has no finite type.
    CIRCULAR_SCHEMA = "circular-schema", Warning,
        "remove the circular reference, or give one of these schemas content" {
        circular_all_of() "schema contains itself through `allOf`; that member is ignored";
        circular_alias() "schema is a reference to itself; generating an untyped value";
        circular_collection()
            "schema is an array or map of itself; generating an untyped value";
    }

    /// Arrays and maps contain each other by reference, and Rust limits how deeply types are nested, and
    /// how large they are.
    DEEP_SCHEMA = "deep-schema", Warning, "put an object between the arrays" {
        deep_collection(depth, count)
            "array or map has more than {depth} others in each other, or {count} in all; generating an untyped value";
    }

    /// A schema has no exact type in Rust: its keywords contradict each other, or Rust has no such
    /// type. The value keeps all of its JSON.
    UNTYPED_SCHEMA = "untyped-schema", Warning,
        "simplify the schema to get a type; until then, the value is kept as JSON" {
        contradictory_property() "`allOf` members disagree on this property; the last one is used",
            "make the members agree";
        contradictory_all_of()
            "`allOf` members contradict each other and are not objects; generating an untyped value";
        excessive_combinations()
            "`allOf`, `oneOf` and `anyOf` in each other have too many combinations; generating an untyped value";
        many_subtypes(count)
            "schema has {count} subtypes; generating one struct that keeps their properties",
            "list the subtypes that you need in a `oneOf`";
    }

    /// A keyword constrains values, but the generated `validate()` does not check it. The type
    /// is generated without it.
    UNSUPPORTED_KEYWORD = "unsupported-keyword", Warning,
        "check this constraint in your own code if you depend on it" {
        unsupported_keyword(keyword)
            "`{keyword}` is recursive, too large, or depends on a format; it is not validated";
        unevaluated_properties()
            "`unevaluatedProperties` depends on other conditions; additional properties are accepted";
        unevaluated_items() "`unevaluatedItems` is not supported; additional elements are kept";
    }

    /// A keyword or field is not known, but similar to a known one. Unknown ones are ignored, as JSON Schema
    /// and OpenAPI specify. In documents of OpenAPI 3.2, all unknown fields are reported, except keywords of
    /// schemas. Extensions, which begin with `x-`, are not reported.
    UNKNOWN_KEYWORD = "unknown-keyword", Warning,
        "fix the spelling, or begin the name of an extension with `x-`" {
        misspelled_keyword(given, meant)
            "unknown keyword `{given}`; it is ignored; did you mean `{meant}`?";
        unknown_field(name) "unknown field `{name}`; it is ignored";
    }

    /// A `pattern` uses syntax that the regular expressions of Rust do not have, such as look-around
    /// and back-references. `validate()` does not check it.
    UNSUPPORTED_PATTERN = "unsupported-pattern", Warning,
        "rewrite the pattern in the syntax of the crate `regex`, or check it in your own code" {
        unsupported_pattern(pattern, error)
            "pattern `{pattern}` is not supported; it is not validated ({error})";
    }

    /// `required` lists a property that `properties` does not declare. Its field has the type of
    /// additional properties, or any JSON value; `validate()` checks that it is present.
    UNDECLARED_PROPERTY = "undeclared-property", Warning,
        "declare the property, or remove it from `required`" {
        undeclared_property(name)
            "required property `{name}` is not declared; generating it with the type of additional properties";
    }

    /// A specification extension does not fit the object that it belongs to.
    INVALID_EXTENSION = "invalid-extension", Warning, "compare it with docs/configuration.md" {
        enum_names_mismatch(extension, names, values)
            "`{extension}` has {names} names for {values} values; it is ignored";
    }

    /// No discriminator, JSON type, constant or property distinguishes some variants of a union. They are decoded
    /// by trial: the variant with the fewest forbidden properties, unknown values, violated constraints and
    /// unknown properties is chosen, the first of equal ones. So an earlier variant can accept a value that was
    /// meant for a later one.
    AMBIGUOUS_UNION = "ambiguous-union", Warning,
        "add a discriminator, or required properties that differ" {
        ambiguous_union(variants)
            "{variants} cannot be distinguished; the first that fits best is chosen by trial";
        ambiguous_union_groups(variants, others)
            "{variants} cannot be distinguished; the first that fits best is chosen by trial (further groups: {others})";
    }

    /// A variant adds no value to its union, because it is the union itself, identical to another variant, or
    /// in contradiction to other schemas of the same value.
    REDUNDANT_VARIANT = "redundant-variant", Warning,
        "remove the variant, or give the variants different properties" {
        self_variant(name) "union `{name}` contains itself as a variant; that variant is ignored";
        impossible_variant(number, keyword)
            "variant {number} of this `{keyword}` contradicts the schemas next to it; it is left out";
        duplicate_variant(first, second)
            "variants {first} and {second} of this `oneOf` are identical; they are merged";
    }

    /// A discriminator does not match the variants of its union.
    INVALID_DISCRIMINATOR = "invalid-discriminator", Warning,
        "map each value of the discriminator to one of the variants" {
        unmapped_variant(property, variant)
            "discriminator `{property}` has no value for the variant {variant}";
        undeclared_discriminator(property)
            "no variant has the property `{property}` of the discriminator; other values decide";
        undeclared_mapping(value, variant)
            "discriminator value `{value}` maps to {variant}, which declares other values; each of them selects it";
        invalid_mapping_target(value, target)
            "discriminator value `{value}` maps to `{target}`, which is not a variant; it is ignored";
        invalid_default_mapping(target)
            "default of the discriminator is `{target}`, which is not a variant; it is ignored";
    }

    /// Two items would get the same name in Rust, so one of them is renamed. The name can change again
    /// when the document changes.
    NAME_CHANGED = "name-changed", Warning,
        "choose a name in the `names` tables of the configuration" {
        renamed_schema(schema, name, taken)
            "name `{taken}` is already in use; generating schema `{schema}` as `{name}`";
        renamed_parameter(parameter, name, taken)
            "name `{taken}` is already in use; generating parameter `{parameter}` as `{name}`";
    }

    /// A name that the configuration chooses is already in use in the same scope.
    NAME_COLLISION = "name-collision", Error,
        "choose another name in the `names` tables of the configuration" {
        name_collision(name, item) "name `{name}` for `{item}` is already in use";
    }
}
