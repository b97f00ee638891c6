//! What a walk over a document has found so far, and where it continues.
//!
//! A type whose decoding fails is decoded again from the first entry that was not yet decoded.
//! So each value of the document is decoded once, however many of them do not fit.

use std::cell::RefCell;
use std::collections::HashSet;

use super::changes::Changes;
use super::error::Error;
use super::placeholder::Placeholder;
use super::position::{Entry, Id, Position, Step};
use super::shorten::found;
use super::tape::Tape;
use crate::json::{Kind, is_key, pointer, unquote};
use crate::validate::Violation;

/// The depth to which placeholders are nested: more than a document may have.
const MAX_DEPTH: usize = 130;
/// The number of placeholders in one document.
const MAX_PLACEHOLDERS: usize = 2000;

/// A walk over a document.
pub(super) struct Walk<'a> {
    pub(super) tape: Tape<'a>,
    state: RefCell<State>,
}

struct State {
    /// The steps from the document to the value that is decoded.
    path: Vec<Step>,
    changes: Changes,
    problems: Vec<Violation>,
    limit: usize,
    /// The bytes that decisions between the variants of unions may still read.
    bytes_left: usize,
    /// Whether there are more problems than the limit, or too many bytes to read.
    is_cut: bool,
    /// Whether some value has no placeholder that fits.
    is_hopeless: bool,
    /// The values that are secret, which no message shows.
    secrets: HashSet<Id>,
    /// The number of secrets around the current value.
    secrets_around: usize,
}

/// What a walk has found.
pub(super) struct Outcome {
    pub(super) problems: Vec<Violation>,
    pub(super) is_cut: bool,
    /// The document with placeholders, if all of them fit.
    pub(super) repaired: Option<String>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(tape: Tape<'a>, limit: usize, bytes: usize) -> Self {
        let state = State {
            path: Vec::new(),
            changes: Changes::default(),
            problems: Vec::new(),
            limit,
            bytes_left: bytes,
            is_cut: false,
            is_hopeless: false,
            secrets: HashSet::new(),
            secrets_around: 0,
        };
        Self { tape, state: RefCell::new(state) }
    }

    /// The JSON of a value. Required properties that a placeholder was given are not in it.
    pub(super) fn json(&self, id: Id) -> &'a str {
        match id {
            Id::Sent(index) => self.tape.json(index),
            Id::Placeholder(index) => {
                let state = self.state.borrow();
                state.changes.placeholders.get(index as usize).map_or("null", Placeholder::json)
            }
        }
    }

    /// The JSON of a placeholder with its properties.
    pub(super) fn rendered(&self, index: u32) -> String {
        self.state.borrow().changes.render(index)
    }

    /// What is decoded for a value of the document: itself or its placeholder.
    pub(super) fn shown(&self, index: u32) -> Id {
        let state = self.state.borrow();
        let placeholder = state.changes.touched.get(&index).and_then(|touched| touched.placeholder);
        placeholder.map_or(Id::Sent(index), Id::Placeholder)
    }

    /// Where decoding a container starts.
    pub(super) fn first(id: Id) -> Position {
        let entry = if let Id::Sent(index) = id { index + 1 } else { 0 };
        Position { entry, ..Position::default() }
    }

    /// Where decoding a container starts, or continues.
    pub(super) fn start(&self, id: Id, is_trial: bool) -> Position {
        let state = self.state.borrow();
        let resume = match id {
            _ if is_trial => None,
            Id::Sent(index) => state.changes.touched.get(&index).and_then(|touched| touched.resume),
            Id::Placeholder(index) => state
                .changes
                .placeholders
                .get(index as usize)
                .and_then(|placeholder| placeholder.resume),
        };
        resume.unwrap_or_else(|| Self::first(id))
    }

    /// The entry of a container at a position.
    pub(super) fn entry(&self, id: Id, at: Position, is_trial: bool) -> Option<Entry> {
        if let Id::Sent(index) = id
            && at.entry < self.tape.after(index)
        {
            let is_object = Kind::of(self.tape.json(index)) == Kind::Object;
            let value = if is_object { at.entry + 1 } else { at.entry };
            let step = if is_object { Step::Name(at.entry) } else { Step::Index(at.count) };
            let shown = if is_trial { Id::Sent(value) } else { self.shown(value) };
            let next = Position { entry: self.tape.after(value), count: at.count + 1, ..at };
            return Some(Entry { step, shown, at, next });
        }
        let state = self.state.borrow();
        let added = match id {
            Id::Sent(_) if is_trial => None,
            Id::Sent(index) => state.changes.touched.get(&index).map(|touched| &touched.added),
            Id::Placeholder(index) => {
                state.changes.placeholders.get(index as usize).map(|placeholder| &placeholder.added)
            }
        };
        let (name, placeholder) = added?.get(at.added)?;
        let shown = Id::Placeholder(*placeholder);
        let next = Position { added: at.added + 1, ..at };
        Some(Entry { step: Step::Added(name.clone()), shown, at, next })
    }

    /// The name of a property.
    pub(super) fn name(&self, step: &Step) -> std::borrow::Cow<'a, str> {
        match step {
            Step::Name(index) => unquote(self.tape.json(*index)).unwrap_or_default(),
            Step::Added(name) => name.clone().into(),
            Step::Index(index) => index.to_string().into(),
        }
    }

    pub(super) fn push(&self, step: Step) {
        self.state.borrow_mut().path.push(step);
    }

    pub(super) fn pop(&self) {
        self.state.borrow_mut().path.pop();
    }

    /// The number of steps from the document to the current value.
    pub(super) fn depth(&self) -> usize {
        self.state.borrow().path.len()
    }

    /// Makes decoding of a container continue at a position.
    pub(super) fn suspend(&self, id: Id, at: Position) {
        let state = &mut *self.state.borrow_mut();
        match id {
            Id::Sent(index) => state.changes.touched.entry(index).or_default().resume = Some(at),
            Id::Placeholder(index) => {
                if let Some(placeholder) = state.changes.placeholders.get_mut(index as usize) {
                    placeholder.resume = Some(at);
                }
            }
        }
    }

    /// Handles an error of the current value; returns whether it has to be decoded again.
    pub(super) fn settle(&self, id: Id, error: &Error) -> bool {
        let kind = match error {
            Error::Recorded | Error::Skipped => return true,
            Error::Incomplete => return false,
            Error::Expected { kind, .. } => *kind,
            _ => None,
        };
        let is_partial = {
            let state = self.state.borrow();
            let touched =
                if let Id::Sent(index) = id { state.changes.touched.get(&index) } else { None };
            touched.is_some_and(|touched| touched.resume.is_some())
        };
        match id {
            // It may only be an error because entries of the value do not fit.
            Id::Sent(_) if is_partial => false,
            Id::Sent(index) => {
                self.report(None, self.message(id, error));
                let state = &mut *self.state.borrow_mut();
                let placeholder = state.add(Placeholder::new(kind));
                state.changes.touched.entry(index).or_default().placeholder = placeholder;
                placeholder.is_some()
            }
            Id::Placeholder(index) => {
                let state = &mut *self.state.borrow_mut();
                let placeholder = state.changes.placeholders.get_mut(index as usize);
                let has_next = placeholder.is_some_and(|placeholder| placeholder.advance(kind));
                state.is_hopeless |= !has_next;
                has_next
            }
        }
    }

    /// Handles an error of the name of a property of the current value.
    pub(super) fn reject_name(&self, step: &Step, error: &Error) {
        self.report(Some(&self.name(step)), error.message("this name"));
        self.state.borrow_mut().is_hopeless = true;
    }

    /// Handles missing properties of the current value, an object that was read to its end.
    pub(super) fn missing(&self, id: Id, end: Position, names: Vec<String>) -> Error {
        let is_sent = |name: &str| match id {
            Id::Sent(index) => self.has(index, name),
            Id::Placeholder(_) => false,
        };
        let mut is_complete = true;
        for name in names {
            if is_sent(&name) || self.is_added(id, &name) {
                continue;
            }
            if let Id::Sent(_) = id {
                self.report(Some(&name), "is required".to_owned());
            }
            let state = &mut *self.state.borrow_mut();
            let Some(placeholder) = state.add(Placeholder::new(None)) else { continue };
            is_complete = false;
            match id {
                Id::Sent(index) => {
                    state.changes.touched.entry(index).or_default().added.push((name, placeholder));
                }
                Id::Placeholder(index) => {
                    if let Some(around) = state.changes.placeholders.get_mut(index as usize) {
                        around.added.push((name, placeholder));
                    }
                }
            }
        }
        if is_complete {
            return Error::Incomplete;
        }
        self.suspend(id, end);
        Error::Recorded
    }

    /// Whether an object of the document has a property.
    pub(super) fn has(&self, index: u32, name: &str) -> bool {
        let mut entry = index + 1;
        while entry < self.tape.after(index) {
            if is_key(self.tape.json(entry), name) {
                return true;
            }
            entry = self.tape.after(entry + 1);
        }
        false
    }

    fn is_added(&self, id: Id, name: &str) -> bool {
        let state = self.state.borrow();
        let added = match id {
            Id::Sent(index) => state.changes.touched.get(&index).map(|touched| &touched.added),
            Id::Placeholder(index) => {
                state.changes.placeholders.get(index as usize).map(|placeholder| &placeholder.added)
            }
        };
        added.is_some_and(|added| added.iter().any(|(other, _)| other == name))
    }

    /// Records a problem of the current value, or of a property that it should have.
    fn report(&self, name: Option<&str>, message: String) {
        let mut pointer = self.pointer(0);
        if let Some(name) = name {
            pointer::push(&mut pointer, name);
        }
        let state = &mut *self.state.borrow_mut();
        if state.problems.len() < state.limit {
            state.problems.push(Violation { pointer, message });
        } else {
            state.is_cut = true;
        }
    }

    /// The JSON pointer from the value at a depth to the current value.
    pub(super) fn pointer(&self, from: usize) -> String {
        let mut pointer = String::new();
        for step in self.state.borrow().path.iter().skip(from) {
            pointer::push(&mut pointer, &self.name(step));
        }
        pointer
    }

    /// Describes an error of the current value as a sentence that starts with its location.
    pub(super) fn sentence(&self, from: usize, id: Id, error: &Error) -> String {
        let pointer = self.pointer(from);
        match error {
            Error::Missing(names) => {
                let names: Vec<_> = names
                    .iter()
                    .map(|name| {
                        let mut pointer = pointer.clone();
                        pointer::push(&mut pointer, name);
                        pointer + " is required"
                    })
                    .collect();
                names.join(", ")
            }
            other => format!("{pointer} {}", self.message(id, other)),
        }
    }

    /// Describes an error of the current value as the end of a sentence.
    fn message(&self, id: Id, error: &Error) -> String {
        let is_secret = {
            let state = self.state.borrow();
            state.secrets_around > 0 || state.secrets.contains(&id)
        };
        if is_secret { error.message_of_secret() } else { error.message(&found(self.json(id))) }
    }

    /// Starts a value that is secret.
    pub(super) fn enter_secret(&self, id: Id) {
        let state = &mut *self.state.borrow_mut();
        state.secrets.insert(id);
        state.secrets_around += 1;
    }

    /// Ends a value that is secret.
    pub(super) fn leave_secret(&self) {
        self.state.borrow_mut().secrets_around -= 1;
    }

    /// Counts bytes that are read to decide a variant.
    pub(super) fn spend(&self, bytes: usize) {
        let state = &mut *self.state.borrow_mut();
        state.bytes_left = state.bytes_left.saturating_sub(bytes);
        state.is_cut |= state.bytes_left == 0;
    }

    pub(super) fn is_cut(&self) -> bool {
        self.state.borrow().is_cut
    }

    pub(super) fn cut(&self) {
        self.state.borrow_mut().is_cut = true;
    }

    pub(super) fn finish(self) -> Outcome {
        let state = self.state.into_inner();
        let is_repaired = !state.is_cut && !state.is_hopeless;
        let repaired = is_repaired.then(|| state.changes.repair(&self.tape));
        Outcome { problems: state.problems, is_cut: state.is_cut, repaired }
    }
}

impl State {
    /// Adds a placeholder, if there may be another one.
    fn add(&mut self, placeholder: Placeholder) -> Option<u32> {
        if self.changes.placeholders.len() >= MAX_PLACEHOLDERS || self.path.len() > MAX_DEPTH {
            self.is_hopeless = true;
            return None;
        }
        self.changes.placeholders.push(placeholder);
        Some(self.changes.placeholders.len() as u32 - 1)
    }
}
