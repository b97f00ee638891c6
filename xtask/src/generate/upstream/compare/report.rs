//! Adding differences.

use serde_json::Value;

use super::walker::{Pair, Walker};
use crate::generate::upstream::difference::{Action, Change, Content, Difference, Side};
use crate::generate::upstream::document::{At, Node};
use crate::generate::upstream::objects::Kind;

impl Walker<'_> {
    /// Adds a difference of an entry, or of an element of the array that it is.
    pub(super) fn report(
        &mut self,
        side: Side,
        (a, b): Pair<'_, '_>,
        (key, element): (&str, Option<&str>),
        action: Action,
        sentence: String,
    ) {
        let at = |node: &Node<'_>| {
            let at = node.at.child(key);
            element.map_or_else(|| at.clone(), |element| at.child(element))
        };
        let changes = vec![Change { parent: a.at.clone(), key: key.to_owned(), action }];
        let (at, upstream_at) = (at(a), at(b));
        self.push(Difference { side, at, upstream_at, sentence, upstream: None, changes });
    }

    /// Adds a difference of a reference, or of another entry that is replaced as a whole.
    pub(super) fn replace(
        &mut self,
        (a, b): Pair<'_, '_>,
        (parent, key): (At, String),
        content: Content,
        sentence: String,
    ) {
        self.push(Difference {
            side: Side::Different,
            at: a.at.clone(),
            upstream_at: b.at.clone(),
            sentence,
            upstream: None,
            changes: vec![Change { parent, key, action: Action::Set(content) }],
        });
    }

    pub(super) fn add_part(
        &mut self,
        (a, b): Pair<'_, '_>,
        key: &str,
        part: &Node<'_>,
        kind: Kind,
        sentence: String,
    ) {
        let content = Content::Copy(part.at.clone(), kind);
        self.add([a, b].map(|node| node.at.clone()), key, content, None, sentence);
    }

    pub(super) fn add(
        &mut self,
        [parent, upstream]: [At; 2],
        key: &str,
        content: Content,
        value: Option<Value>,
        sentence: String,
    ) {
        self.push(Difference {
            side: Side::UpstreamOnly,
            at: parent.child(key),
            upstream_at: upstream.child(key),
            sentence,
            upstream: value,
            changes: vec![Change { parent, key: key.to_owned(), action: Action::Set(content) }],
        });
    }

    pub(super) fn differ(
        &mut self,
        (a, b): Pair<'_, '_>,
        key: &str,
        content: Content,
        value: Option<Value>,
        sentence: String,
    ) {
        self.push(Difference {
            side: Side::Different,
            at: a.at.child(key),
            upstream_at: b.at.child(key),
            sentence,
            upstream: value,
            changes: vec![Change {
                parent: a.at.clone(),
                key: key.to_owned(),
                action: Action::Set(content),
            }],
        });
    }

    pub(super) fn remove(&mut self, (a, b): Pair<'_, '_>, key: &str, sentence: String) {
        self.remove_at([a, b].map(|node| node.at.clone()), key, sentence);
    }

    pub(super) fn remove_at(&mut self, [parent, upstream]: [At; 2], key: &str, sentence: String) {
        self.push(Difference {
            side: Side::SpecOnly,
            at: parent.child(key),
            upstream_at: upstream.child(key),
            sentence,
            upstream: None,
            changes: vec![Change { parent, key: key.to_owned(), action: Action::Unset }],
        });
    }

    /// Adds a difference, once.
    pub(super) fn push(&mut self, difference: Difference) {
        let is_known = self.found.differences.iter().any(|known| {
            (known.side, &known.at, &known.sentence)
                == (difference.side, &difference.at, &difference.sentence)
        });
        if !is_known {
            self.found.differences.push(difference);
        }
    }
}
