//! Credentials and servers.

use std::collections::BTreeSet;

use serde_json::Value;

use super::walker::{Pair, Walker};
use crate::generate::upstream::difference::{Action, Change, Content, Difference, Side};
use crate::generate::upstream::document::Node;
use crate::generate::upstream::objects::Kind;
use crate::generate::upstream::placeholder::PLACEHOLDER;

/// Returns the credentials that an operation accepts: its own, or else those of the whole API.
fn requirements<'d>(operation: &Node<'d>) -> Option<Node<'d>> {
    operation.get("security").or_else(|| operation.document.root().get("security"))
}

/// Returns the schemes that an alternative needs, with their scopes.
fn schemes(alternative: &Value) -> Vec<(String, Vec<String>)> {
    let entries = alternative.as_object().into_iter().flatten();
    let mut all: Vec<(String, Vec<String>)> = entries
        .map(|(scheme, scopes)| {
            let scopes = scopes.as_array().into_iter().flatten().filter_map(Value::as_str);
            let mut scopes: Vec<String> = scopes.map(str::to_owned).collect();
            scopes.sort();
            (scheme.clone(), scopes)
        })
        .collect();
    all.sort();
    all
}

/// Returns how an alternative is named.
fn name(alternative: &Value) -> String {
    let named = schemes(alternative).into_iter().map(|(scheme, scopes)| match scopes.is_empty() {
        true => scheme,
        false => format!("{scheme}({})", scopes.join(",")),
    });
    let named: Vec<String> = named.collect();
    if named.is_empty() { "none".to_owned() } else { named.join("+") }
}

/// Remembers the scopes that an operation of the upstream document needs.
pub(super) fn need_scopes<'d>(walker: &mut Walker<'d>, operation: &Node<'_>) {
    let alternatives = requirements(operation).map(|node| node.items()).unwrap_or_default();
    for (_, scopes) in alternatives.iter().flat_map(|one| schemes(one.value)) {
        walker.scopes.extend(scopes);
    }
}

/// Compares which credentials an operation accepts, and how these are sent.
pub(super) fn compare_security<'d>(
    walker: &mut Walker<'d>,
    label: &str,
    (a, b): Pair<'_, 'd>,
) -> Result<(), String> {
    const KEY: &str = "security";
    let (own, theirs) = (requirements(a), requirements(b));
    let items = |node: &Option<Node<'_>>| -> Vec<Value> {
        let items = node.as_ref().map(Node::items).unwrap_or_default();
        items.into_iter().map(|item| item.value.clone()).collect()
    };
    let (spec, upstream) = (items(&own), items(&theirs));
    // Without credentials of its own, the operation gets a list.
    let is_own = a.get(KEY).is_some();
    let whole = Action::Set(Content::Value(Value::Array(upstream.clone())));
    let action = |action: Action| if is_own { action } else { whole.clone() };
    let has = |all: &[Value], one: &Value| all.iter().any(|other| name(other) == name(one));
    for alternative in upstream.iter().filter(|one| !has(&spec, one)) {
        let name = name(alternative);
        let sentence = format!("{label} accepts the credentials `{name}` upstream");
        let action = action(Action::Add(Content::Value(alternative.clone())));
        walker.report(Side::UpstreamOnly, (a, b), (KEY, Some(&name)), action, sentence);
    }
    for alternative in spec.iter().filter(|one| !has(&upstream, one)) {
        let name = name(alternative);
        let sentence = format!("{label} does not accept the credentials `{name}` upstream");
        let action = action(Action::Drop(alternative.clone()));
        walker.report(Side::SpecOnly, (a, b), (KEY, Some(&name)), action, sentence);
    }
    let names: BTreeSet<String> =
        spec.iter().chain(&upstream).flat_map(schemes).map(|(scheme, _)| scheme).collect();
    for scheme in names {
        let label = format!("security scheme `{scheme}`");
        let find = |node: &Node<'_>| {
            let root = node.document.root();
            let at = root.at.child("components").child("securitySchemes");
            (node.document.node(&at.child(&scheme)).map(|node| node.at), at)
        };
        let ((own, spec_at), (theirs, upstream_at)) = (find(a), find(b));
        match (own, theirs) {
            (Some(own), Some(theirs)) => {
                let (own, theirs) = (a.document.node(&own), b.document.node(&theirs));
                if let (Some(own), Some(theirs)) = (own, theirs) {
                    walker.compare(Kind::Scheme, &label, (&own, &theirs));
                }
            }
            (None, Some(theirs)) => {
                let sentence = format!("{label} is new upstream");
                let content = Content::Copy(theirs, Kind::Scheme);
                walker.add([spec_at, upstream_at], &scheme, content, None, sentence);
            }
            // That the operation does not accept it is reported.
            _ => {}
        }
    }
    Ok(())
}

/// Compares the scopes of an OAuth flow: of those upstream, the ones that operations need.
pub(super) fn compare_scopes<'d>(walker: &mut Walker<'d>, label: &str, (a, b): Pair<'_, 'd>) {
    let scopes = |node: &Node<'_>| -> BTreeSet<String> {
        node.map("scopes").into_iter().map(|(scope, _)| scope.to_owned()).collect()
    };
    let at = [a, b].map(|node| node.at.child("scopes"));
    let (spec, mut upstream) = (scopes(a), scopes(b));
    upstream.retain(|scope| walker.scopes.contains(scope) || spec.contains(scope));
    for scope in upstream.difference(&spec) {
        let content = Content::Value(PLACEHOLDER.into());
        let sentence = format!("scope `{scope}` of {label} is new upstream");
        walker.add(at.clone(), scope, content, None, sentence);
    }
    for scope in spec.difference(&upstream) {
        let sentence = format!("scope `{scope}` of {label} is absent upstream");
        walker.remove_at(at.clone(), scope, sentence);
    }
}

/// Compares the servers of the API, a path or an operation, by their URLs.
pub(super) fn compare_servers<'d>(
    walker: &mut Walker<'d>,
    label: &str,
    (a, b): Pair<'_, 'd>,
) -> Result<(), String> {
    const KEY: &str = "servers";
    let (spec, upstream) = (a.list(KEY), b.list(KEY));
    let mut free: Vec<&Node<'_>> = spec.iter().collect();
    for server in &upstream {
        let url = server.string("url").unwrap_or_default();
        let noun = format!("server `{url}` of {label}");
        // The same URL can have other variables.
        match free.iter().position(|own| own.string("url") == Some(url)) {
            Some(own) => walker.compare(Kind::Server, &noun, (free.remove(own), server)),
            None => {
                let action = Action::Add(Content::Copy(server.at.clone(), Kind::Server));
                let sentence = format!("{noun} is new upstream");
                walker.report(Side::UpstreamOnly, (a, b), (KEY, Some(url)), action, sentence);
            }
        }
    }
    for server in free {
        let url = server.string("url").unwrap_or_default();
        let sentence = format!("server `{url}` of {label} is absent upstream");
        let changes = vec![Change {
            parent: a.at.clone(),
            key: KEY.to_owned(),
            action: Action::Drop(server.value.clone()),
        }];
        walker.push(Difference {
            side: Side::SpecOnly,
            at: server.at.clone(),
            upstream_at: b.at.child(KEY),
            sentence,
            upstream: None,
            changes,
        });
    }
    Ok(())
}
