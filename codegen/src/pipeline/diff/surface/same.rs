//! The files that are the same in both APIs. They are not emitted: most of a large document does not
//! change.
//!
//! The API of a file follows from the type or operation that it is generated from, all types that this
//! one reaches, and a few facts about the whole API. It is the same if all of these are.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem;

use crate::config::Config;
use crate::emit::{File, Source, files};
use crate::ir::{Api, Operation, TypeDef, TypeKind};
use crate::output::{SMALL_STACK, parallel_map};

/// The start of an id of a type in its debug output.
const ID: &str = "TypeId(";

/// The paths of the files that are the same.
pub(super) type SameFiles = BTreeSet<String>;

/// Returns the files that are the same in both APIs.
pub(super) fn same_files(old: (&Api, &Config), new: (&Api, &Config)) -> SameFiles {
    if facts(old) != facts(new) {
        return SameFiles::new();
    }
    let [old, new] = [old, new].map(|(api, config)| digests(api, config));
    let mut changed: BTreeSet<&str> = [(&old, &new), (&new, &old)]
        .into_iter()
        .flat_map(|(here, there)| {
            here.types.iter().filter(|(name, digest)| !there.has(name, digest))
        })
        .map(|(name, _)| name.as_str())
        .collect();
    // What reaches a type that has changed has changed, too.
    let mut open: Vec<&str> = changed.iter().copied().collect();
    let users = [users(&old), users(&new)];
    while let Some(name) = open.pop() {
        for user in users.iter().filter_map(|users| users.get(name)).flatten() {
            if changed.insert(user) {
                open.push(user);
            }
        }
    }
    let is_same =
        |digest: &Digest| !digest.types.iter().any(|name| changed.contains(name.as_str()));
    let types = old.types.iter().filter(|(name, _)| !changed.contains(name.as_str()));
    let types = types.filter_map(|(_, digest)| digest.file.clone());
    let operations = old.operations.iter().filter(|(file, digest)| {
        is_same(digest) && new.operations.get(*file).is_some_and(|other| other.hash == digest.hash)
    });
    types.chain(operations.map(|(file, _)| file.clone())).collect()
}

/// Returns the facts about a whole API that the files of types and operations depend on.
fn facts((api, config): (&Api, &Config)) -> String {
    format!(
        "{:?}",
        (
            &config.layout,
            api.has_features,
            api.has_secrets,
            &api.test_doubles,
            &api.blocking,
            &api.server_names.api_trait,
            &api.server_names.implementation,
        )
    )
}

/// What a file is generated from.
struct Digest {
    hash: u64,
    /// The names of the types that it uses.
    types: Vec<String>,
    /// The path of the file, if it may be left out.
    file: Option<String>,
}

struct Digests {
    /// The types by their names.
    types: BTreeMap<String, Digest>,
    /// The operations by the paths of their files.
    operations: BTreeMap<String, Digest>,
}

impl Digests {
    fn has(&self, name: &str, digest: &Digest) -> bool {
        self.types.get(name).is_some_and(|other| other.hash == digest.hash)
    }
}

/// Returns what uses each type.
fn users(digests: &Digests) -> HashMap<&str, Vec<&str>> {
    let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
    for (user, digest) in &digests.types {
        for name in &digest.types {
            users.entry(name).or_default().push(user);
        }
    }
    users
}

fn digests(api: &Api, config: &Config) -> Digests {
    let files = files(api, &config.layout.target);
    let features = |tags: &[usize]| -> Vec<&str> {
        tags.iter().filter_map(|tag| api.tags.get(*tag)).map(|tag| tag.feature.as_str()).collect()
    };
    let digests = parallel_map(&files, SMALL_STACK, |file: &File<'_>| match file.source() {
        Source::Type(def) => {
            // An alias is needed to compare other signatures with it.
            let is_needed = matches!(def.kind, TypeKind::Alias(_)) || def.replaced.is_some();
            let shown = format!("{:?} {:?}", without_tags(def), features(&def.tags));
            let file = (!is_needed).then(|| file.path());
            Some((true, def.name.0.clone(), digest(api, &shown, file)))
        }
        Source::Operation(operation) => {
            let tag = api.tags.iter().position(|tag| operation.is_of(tag));
            let shown = format!("{} {:?}", with_names(api, operation), features(tag.as_slice()));
            Some((false, file.path(), digest(api, &shown, None)))
        }
        Source::Api => None,
    });
    let (types, operations): (Vec<_>, Vec<_>) =
        digests.into_iter().flatten().partition(|(is_type, ..)| *is_type);
    let map = |all: Vec<(bool, String, Digest)>| {
        all.into_iter().map(|(_, name, digest)| (name, digest)).collect()
    };
    Digests { types: map(types), operations: map(operations) }
}

/// Returns a type without the indexes of its tags, which a new tag shifts.
fn without_tags(def: &TypeDef) -> TypeDef {
    TypeDef { tags: Vec::new(), ..def.clone() }
}

/// Returns the debug output of an operation with names instead of indexes, which a new error body
/// or security scheme shifts.
fn with_names(api: &Api, operation: &Operation) -> String {
    let mut operation = operation.clone();
    let bodies = operation.errors.iter_mut().map(|error| mem::take(&mut error.body));
    let bodies: Vec<_> =
        bodies.filter_map(|body| api.error_bodies.get(body)).map(|body| &body.name).collect();
    let security = mem::take(&mut operation.security);
    let scheme = |index: &usize| api.security_schemes.get(*index).map(|scheme| &scheme.id);
    let security: Vec<Vec<_>> =
        security.iter().map(|schemes| schemes.iter().map(scheme).collect()).collect();
    format!("{operation:?} {bodies:?} {security:?}")
}

/// Returns the digest of debug output, in which ids of types are their names.
fn digest(api: &Api, shown: &str, file: Option<String>) -> Digest {
    let mut hasher = DefaultHasher::new();
    let mut types = Vec::new();
    let mut parts = shown.split(ID);
    parts.next().hash(&mut hasher);
    for part in parts {
        let end = part.find(')').unwrap_or_default();
        let (id, rest) = part.split_at(end);
        match id.parse::<usize>().ok().and_then(|id| api.types.get(id)) {
            Some(def) => {
                def.name.0.hash(&mut hasher);
                types.push(def.name.0.clone());
            }
            None => id.hash(&mut hasher),
        }
        rest.hash(&mut hasher);
    }
    types.sort();
    types.dedup();
    Digest { hash: hasher.finish(), types, file }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Package;
    use crate::spec::{self, Input};
    use crate::{lower, select};

    /// A document with pets, and with ants in front of them if wanted.
    fn document(with_ants: bool) -> Input {
        let operation = |path: &str, tag: &str, error: &str| {
            format!(
                "  /{path}:\n    get:\n      operationId: {path}\n      tags: [{tag}]\n      \
                 security: [{{ {tag}: [] }}]\n      responses:\n        \
                 '200': {{ description: Found., content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/{tag}' }} }} }} }}\n        \
                 '400': {{ description: Wrong., content: {{ application/json: {{ schema: {{ $ref: '#/components/schemas/{error}' }} }} }} }}\n"
            )
        };
        let schema = |name: &str| {
            format!("    {name}: {{ type: object, properties: {{ name: {{ type: string }} }} }}\n")
        };
        let scheme =
            |name: &str| format!("    {name}: {{ type: apiKey, in: header, name: X-{name} }}\n");
        let ants = |part: String| if with_ants { part } else { String::new() };
        let spec = [
            "openapi: 3.0.3\ninfo: { title: Pets, version: '1' }\npaths:\n".to_owned(),
            ants(operation("ant", "Ant", "AntError")),
            operation("cat", "Cat", "PetError"),
            operation("pet", "Pet", "PetError"),
            "components:\n  securitySchemes:\n".to_owned(),
            ants(scheme("Ant")),
            scheme("Cat") + &scheme("Pet"),
            "  schemas:\n".to_owned(),
            ants(schema("Ant") + &schema("AntError")),
            schema("Cat") + &schema("Pet") + &schema("PetError"),
        ];
        let mut config = Config::default();
        config.layout.package =
            Some(Package { name: "pets".to_owned(), runtime: String::new(), standalone: false });
        Input::new(crate::Source::new("pets.yaml", spec.concat()), config)
    }

    fn api(input: &Input) -> Api {
        let mut diagnostics = input.diagnostics();
        let document = spec::load(input, &mut diagnostics).expect("a valid document");
        let selection = select::select(&document, &input.config, &mut diagnostics);
        lower::lower(&document, selection, &input.config, &mut diagnostics)
    }

    #[test]
    fn other_tags_error_bodies_and_schemes_change_no_file() {
        let inputs = [document(false), document(true)];
        let [old, new] = inputs.each_ref().map(api);
        let same = same_files((&old, &inputs[0].config), (&new, &inputs[1].config));
        let missing: Vec<_> = files(&old, &inputs[0].config.layout.target)
            .into_iter()
            .filter(|file| !matches!(file.source(), Source::Api) && !same.contains(&file.path()))
            .map(|file| file.path())
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
