//! A type that is renamed, with its former name as an alias.

use specwright::{Change, Config, Difference, Input, Layout, Package, Release, Source, diff};

const OLD: &str = "openapi: 3.0.3
info: { title: Pets, version: '1' }
paths:
  /pets:
    post:
      operationId: addPet
      requestBody: { required: true, content: { application/json: { schema: { $ref: '#/components/schemas/Animal' } } } }
      responses: { '200': { description: Done., content: { application/json: { schema: { type: array, items: { $ref: '#/components/schemas/Animal' } } } } } }
components:
  schemas:
    Animal:
      type: object
      required: [kind]
      properties:
        name: { type: string }
        kind: { $ref: '#/components/schemas/AnimalKind' }
        friend: { $ref: '#/components/schemas/Animal' }
    AnimalKind: { type: string, enum: [cat, dog] }
";

fn input(spec: &str, config: &str) -> Input {
    let mut config = Config::parse(Source::new("config.toml", config)).unwrap();
    config.layout.package = Some(Package { name: "pets".to_owned(), ..Package::default() });
    config.layout = Layout { package: config.layout.package, ..Layout::default() };
    Input::new(Source::new("spec.yaml", spec), config)
}

fn changes(spec: &str, config: &str) -> Difference {
    diff(&input(OLD, ""), &input(spec, config)).unwrap()
}

fn renamed() -> String {
    OLD.replace("Animal", "Pet")
}

#[test]
fn a_rename_is_major_unless_it_is_held() {
    let held = "[compatibility.types]\nAnimal = 'Pet'\nAnimalKind = 'PetKind'\n";
    assert_eq!(changes(&renamed(), "").rust, Release::Major);
    let difference = changes(&renamed(), held);
    assert_eq!(difference.rust, Release::Minor, "{difference:#?}");
    let ids: Vec<&str> = difference.changes.iter().map(|change| change.id).collect();
    assert_eq!(ids, ["type-renamed", "type-renamed"], "{difference:#?}");
    let items: Vec<String> =
        difference.changes.iter().flat_map(|change| &change.api).map(ToString::to_string).collect();
    for alias in ["Animal", "AnimalBuilder", "AnimalKind"] {
        let added = format!("`models::{alias}` is added");
        assert!(items.contains(&added), "{items:?}");
    }
    // One of the types is not held.
    assert_eq!(changes(&renamed(), "compatibility.types.Animal = 'Pet'").rust, Release::Major);
}

#[test]
fn members_of_held_types_are_compared() {
    let held = "[compatibility.types]\nAnimal = 'Pet'\nAnimalKind = 'PetKind'\n";
    let removed = renamed().replace("        name: { type: string }\n", "");
    let difference = changes(&removed, held);
    assert_eq!(difference.rust, Release::Major);
    let removed: Vec<&str> = difference
        .changes
        .iter()
        .filter(|change| change.rust == Release::Major)
        .map(|change| change.id)
        .collect();
    assert_eq!(removed, ["property-removed"], "{difference:#?}");
}

#[test]
fn an_alias_of_another_kind_does_not_hold_a_name() {
    let spec = renamed()
        .replace("PetKind: { type: string, enum: [cat, dog] }", "PetKind: { type: string }");
    let held = "[compatibility.types]\nAnimal = 'Pet'\nAnimalKind = 'PetKind'\n";
    assert_eq!(changes(&spec, held).rust, Release::Major);
}

#[test]
fn former_operations_values_and_setters_are_held() {
    let names = "[names.operations]\naddPet = 'add_animal'\n[names.values]\n'AnimalKind.cat' = 'Feline'\n\
        [names.properties]\n'Animal.name' = 'title'\n";
    let held = "[compatibility.operations]\nadd_pet = 'addPet'\n[compatibility.values]\n\
        'AnimalKind.Cat' = 'cat'\n[compatibility.properties]\n'Animal.name' = 'name'\n";
    let major = |config: &str| -> Vec<(&str, Vec<String>)> {
        let changes = changes(OLD, config).changes.into_iter();
        let major = changes.filter(|change| change.rust == Release::Major);
        let items = |change: &Change| {
            let major = change.api.iter().filter(|item| item.release == Release::Major);
            major.map(|item| item.item.clone()).collect()
        };
        major.map(|change| (change.id, items(&change))).collect()
    };
    let ids: Vec<&str> = major(names).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, ["operation-renamed", "property-renamed", "value-renamed"]);
    // Nothing keeps the name of a field.
    let expected = vec![("property-renamed", vec!["models::Animal::name".to_owned()])];
    assert_eq!(major(&format!("{names}{held}")), expected);
}
