//! The schemas of the OpenAPI document, so that the tests stay up to date. The document is read by its
//! indentation, which needs no parser.

const SPEC: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../spec/openapi.yaml"));

/// A schema of the document.
pub(super) struct Schema {
    pub(super) name: &'static str,
    lines: Vec<&'static str>,
}

/// Returns all schemas of the document.
pub(super) fn schemas() -> Vec<Schema> {
    let lines = SPEC
        .lines()
        .skip_while(|line| *line != "  schemas:")
        .skip(1)
        .take_while(|line| line.is_empty() || indentation(line) >= 4)
        .filter(|line| !line.is_empty() && !line.trim_start().starts_with('#'));
    let mut schemas: Vec<Schema> = Vec::new();
    for line in lines {
        match schemas.last_mut() {
            _ if indentation(line) == 4 => {
                schemas.push(Schema { name: key(line), lines: Vec::new() })
            }
            Some(schema) => schema.lines.push(line),
            None => {}
        }
    }
    schemas
}

impl Schema {
    /// Returns the values of an enum. Empty for other schemas.
    pub(super) fn values(&self) -> Vec<&'static str> {
        self.below("enum:", 6)
            .map(|line| line.trim().trim_start_matches("- ").trim_matches('\''))
            .collect()
    }

    /// Returns whether the schema is nullable.
    fn is_nullable(&self) -> bool {
        self.lines.contains(&"      nullable: true")
    }

    /// Returns the properties that are nullable, directly or through a referenced schema.
    pub(super) fn nullable_properties(&self, all: &[Self]) -> Vec<&'static str> {
        let mut found = Vec::new();
        let mut property = "";
        for line in self.below("properties:", 6) {
            let names_nullable = || {
                let name = line.trim().strip_prefix("$ref: '#/components/schemas/")?;
                let target = all.iter().find(|s| s.name == name.trim_end_matches('\''))?;
                target.is_nullable().then_some(())
            };
            match indentation(line) {
                8 => property = key(line),
                10 if line.trim() == "nullable: true" || names_nullable().is_some() => {
                    found.push(property);
                }
                _ => {}
            }
        }
        found
    }

    /// Returns the lines below a key of this schema.
    fn below(&self, key: &str, depth: usize) -> impl Iterator<Item = &'static str> {
        self.lines
            .iter()
            .copied()
            .skip_while(move |line| line.trim() != key || indentation(line) != depth)
            .skip(1)
            .take_while(move |line| indentation(line) > depth)
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

fn key(line: &str) -> &str {
    line.trim().trim_end_matches(':')
}

#[test]
fn schemas_of_the_document_are_found() {
    let schemas = schemas();
    let find = |name| schemas.iter().find(|schema| schema.name == name);
    let sort = find("CIAppSort").map(Schema::values);
    assert_eq!(sort, Some(vec!["timestamp", "-timestamp"]));
    let error = find("CIAppCIError").map(|schema| schema.nullable_properties(&schemas));
    assert_eq!(error, Some(vec!["message", "stack", "type"]));
    // The first and the last schema of the document.
    assert!(find("APIErrorResponse").is_some() && find("TagsEventAttribute").is_some());
    assert!(find("BadRequestResponse").is_none());
}
