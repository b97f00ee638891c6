//! Recovered problems that are not reported yet.

use std::collections::BTreeMap;

use crate::diagnostics::Message;

/// Messages about recovered problems, by JSON pointer.
#[derive(Debug, Default)]
pub(in super::super) struct Notes {
    by_pointer: BTreeMap<String, Vec<Message>>,
}

impl Notes {
    pub(in super::super) fn add(&mut self, pointer: String, message: Message) {
        self.by_pointer.entry(pointer).or_default().push(message);
    }

    /// Takes the messages at a pointer and below it.
    pub(in super::super) fn take_within(&mut self, pointer: &str) -> Vec<(String, Message)> {
        if self.by_pointer.is_empty() {
            return Vec::new();
        }
        let is_within = |key: &str| {
            key.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        // Between them are pointers that only begin with the same characters, such as `/a-b`.
        let candidates = self.by_pointer.range(pointer.to_owned()..).map(|(key, _)| key);
        let candidates = candidates.take_while(|key| key.starts_with(pointer));
        let keys: Vec<String> = candidates.filter(|key| is_within(key)).cloned().collect();
        let mut taken = Vec::new();
        for key in keys {
            for message in self.by_pointer.remove(&key).unwrap_or_default() {
                taken.push((key.clone(), message));
            }
        }
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::messages;

    #[test]
    fn notes_are_taken_once_and_only_within_a_pointer() {
        let mut notes = Notes::default();
        for pointer in ["/a", "/a-b", "/a/b", "/ab", "/b"] {
            notes.add(pointer.to_owned(), messages::invalid_schema());
        }
        let pointers = |notes: Vec<(String, Message)>| -> Vec<String> {
            notes.into_iter().map(|(pointer, _)| pointer).collect()
        };
        assert_eq!(pointers(notes.take_within("/a")), ["/a", "/a/b"]);
        assert!(notes.take_within("/a").is_empty());
        assert_eq!(pointers(notes.take_within("")), ["/a-b", "/ab", "/b"]);
    }
}
