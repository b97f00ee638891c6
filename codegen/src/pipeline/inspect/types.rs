//! The types of an inspection, with the decisions of unions.

use super::inspection::{DecisionMethod, InspectedKind, InspectedRule, InspectedType};
use crate::ir::{Api, JsonType, Rule, TypeDef, TypeKind, Union};
use crate::spec::Document;

pub(super) fn types(api: &Api, document: &Document) -> Vec<InspectedType> {
    let of = |def: &TypeDef| InspectedType {
        name: def.name.0.clone(),
        pointer: document.as_written(&def.pointer),
        kind: match &def.kind {
            TypeKind::Struct(structure) => InspectedKind::Struct { fields: structure.fields.len() },
            TypeKind::Enum(of) => InspectedKind::Enum {
                values: of.values.iter().map(|value| value.wire.clone()).collect(),
            },
            TypeKind::Union(union) => InspectedKind::Union {
                variants: union.variants.iter().map(|variant| variant.name.0.clone()).collect(),
                decision: union
                    .decision
                    .rules
                    .iter()
                    .map(|(of, rule)| InspectedRule {
                        json_type: json_type(*of),
                        how: decision_method(union, rule),
                    })
                    .collect(),
            },
            TypeKind::Alias(_) => InspectedKind::Alias,
        },
    };
    let mut types: Vec<_> = api.types.iter().map(of).collect();
    types.sort_by(|a, b| a.name.cmp(&b.name));
    types
}

fn json_type(of: JsonType) -> &'static str {
    match of {
        JsonType::Boolean => "boolean",
        JsonType::Number => "number",
        JsonType::String => "string",
        JsonType::Array => "array",
        JsonType::Object => "object",
    }
}

fn decision_method(union: &Union, rule: &Rule) -> DecisionMethod {
    let name = |i: &usize| {
        union.variants.get(*i).map(|variant| variant.name.0.clone()).unwrap_or_default()
    };
    let other =
        |rule: &Option<Box<Rule>>| rule.as_ref().map(|rule| Box::new(decision_method(union, rule)));
    match rule {
        Rule::Only(variant) => DecisionMethod::Only { variant: name(variant) },
        Rule::Tag { path, arms, otherwise, absent } => DecisionMethod::String {
            property: (!path.is_empty()).then(|| path.join(".")),
            values: arms
                .iter()
                .map(|(strings, rule)| (strings.clone(), decision_method(union, rule)))
                .collect(),
            otherwise: other(otherwise),
            absent: other(absent),
        },
        Rule::Presence { arms, otherwise, .. } => DecisionMethod::Presence {
            properties: arms
                .iter()
                .map(|arm| {
                    let values = arm.values.iter().map(|value| format!(" = {value}"));
                    (arm.property.clone() + &values.collect::<String>(), name(&arm.variant))
                })
                .collect(),
            otherwise: other(otherwise),
        },
        Rule::Properties(variants) => DecisionMethod::Properties {
            variants: variants.iter().map(|(variant, _)| name(variant)).collect(),
        },
        Rule::Trial(variants) => {
            DecisionMethod::Trial { variants: variants.iter().map(name).collect() }
        }
    }
}
