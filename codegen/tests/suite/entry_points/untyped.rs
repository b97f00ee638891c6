//! The census of schemas whose values stay JSON.

use specwright::{Config, Input, Source, UntypedReason, untyped};

const SPEC: &str = "openapi: 3.1.0
info: { title: One, version: '1' }
paths:
  /all:
    get:
      parameters:
        - { name: filter, in: query, content: { application/json: {} } }
      responses:
        '200': { description: All., content: { application/json: { schema: { $ref: '#/components/schemas/All' } } } }
        '201': { description: None., content: { application/json: {} } }
components:
  schemas:
    All:
      type: object
      properties:
        any: { description: Anything. }
        typed: { type: string }
        free: { type: object }
        map: { type: object, additionalProperties: true }
        strings: { type: object, additionalProperties: { type: string } }
        list: { type: array }
        items: { type: array, items: {} }
        constrained: { minLength: 1 }
        mixed: { enum: [1, a, [2]] }
        patterns: { type: object, patternProperties: { '^x': { type: string } } }
        alias: { $ref: '#/components/schemas/Free' }
        again: { $ref: '#/components/schemas/Free' }
        either: { anyOf: [{ type: object, additionalProperties: true }, { type: 'null' }] }
        optional: { anyOf: [{ $ref: '#/components/schemas/Free' }, { type: 'null' }] }
        values: { type: object, additionalProperties: { type: array } }
        circular: { $ref: '#/components/schemas/Circular' }
        never: { allOf: [{ type: string }, { type: integer }] }
    Free: { type: object }
    Circular: { allOf: [{ $ref: '#/components/schemas/Circular' }] }
";

/// Returns the census: the last part of each pointer, the line, and the reason.
fn census(config: Config) -> Vec<(String, usize, UntypedReason)> {
    let (census, _) = untyped(&Input::new(Source::new("api.yaml", SPEC), config)).unwrap();
    assert_eq!(census.counts.values().sum::<usize>(), census.locations.len());
    let located = census.locations.into_iter().map(|location| {
        let name = location.pointer.rsplit('/').next().unwrap_or_default().to_owned();
        (name, location.position.map_or(0, |at| at.line), location.reason)
    });
    located.collect()
}

#[test]
fn every_untyped_schema_is_listed_once_with_its_reason() {
    use UntypedReason::*;
    let found = census(Config::default());
    for expected in [
        ("any", 16, AnyValue),
        ("free", 18, FreeFormObject),
        ("map", 19, AnyProperties),
        ("list", 21, NoItems),
        ("items", 22, AnyValue),
        ("constrained", 23, NoType),
        ("2", 24, StructuredEnum),
        ("patterns", 25, PatternProperties),
        ("either", 28, AnyProperties),
        ("additionalProperties", 30, NoItems),
        ("never", 32, Contradiction),
        ("Free", 33, FreeFormObject),
        ("Circular", 34, CircularReference),
    ] {
        let (name, line, reason) = expected;
        let is_found = |(of, at, why): &&(String, usize, UntypedReason)| {
            of == name && *at == line && *why == reason
        };
        assert_eq!(found.iter().filter(is_found).count(), 1, "{expected:?} in {found:?}");
    }
    let without_schema = found.iter().filter(|(.., reason)| *reason == NoSchema);
    assert_eq!(without_schema.count(), 2, "{found:?}");
    assert_eq!(found.len(), 15, "{found:?}");
}
