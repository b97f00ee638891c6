//! Evaluation of queries. Names and strings are looked up once per query, and each distinct string
//! is matched against a pattern at most once.

use std::cell::RefCell;
use std::cmp::Ordering;

use super::ast::{Field, Query, Test};
use super::pattern::Pattern;
use super::value::{Bound, Comparison, number};
use crate::event::facts::{Fact, Facts, Symbol, Vocabulary};

/// A query prepared for the events of one vocabulary.
pub(crate) struct Compiled<'v> {
    node: Node,
    vocabulary: &'v Vocabulary,
}

enum Node {
    All,
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    /// A word or phrase in any string.
    Phrase(Phrase, Memo),
    /// A test of the values of any of these names.
    Values(Vec<Symbol>, Matcher),
}

enum Matcher {
    Exists,
    /// This string, or the number or boolean that it represents.
    Literal {
        string: Option<Symbol>,
        number: Option<f64>,
        boolean: Option<bool>,
    },
    Pattern(Pattern, Memo),
    Compare(Comparison, f64),
    Range {
        low: Option<(Bound, bool)>,
        high: Option<(Bound, bool)>,
    },
}

/// The results of matching strings, by their symbols.
type Memo = RefCell<Vec<Option<bool>>>;

/// The maximum size in bytes of all memos of a query. Terms beyond it are matched each time: a
/// query may have many terms, and a store many strings.
const MAX_MEMOS: usize = 64 * 1024 * 1024;

impl Query {
    /// Prepares the query for the events of a vocabulary.
    pub(crate) fn compile<'v>(&self, vocabulary: &'v Vocabulary) -> Compiled<'v> {
        Compiled { node: node(self, vocabulary, &mut { MAX_MEMOS }), vocabulary }
    }
}

impl Compiled<'_> {
    /// Returns whether an event matches the query.
    pub(crate) fn matches(&self, facts: &Facts) -> bool {
        self.node.matches(facts, self.vocabulary)
    }
}

fn node(query: &Query, vocabulary: &Vocabulary, room: &mut usize) -> Node {
    let mut all = |parts: &[Query]| parts.iter().map(|part| node(part, vocabulary, room)).collect();
    match query {
        Query::All => Node::All,
        Query::And(parts) => Node::And(all(parts)),
        Query::Or(parts) => Node::Or(all(parts)),
        Query::Not(part) => Node::Not(Box::new(node(part, vocabulary, room))),
        Query::Phrase(pattern) => Node::Phrase(Phrase::new(pattern), memo(vocabulary, room)),
        Query::Field(field, test) => {
            Node::Values(names(field, test, vocabulary), matcher(test, vocabulary, room))
        }
    }
}

fn memo(vocabulary: &Vocabulary, room: &mut usize) -> Memo {
    let strings = vocabulary.strings.len();
    let Some(rest) = room.checked_sub(strings) else { return Memo::default() };
    *room = rest;
    RefCell::new(vec![None; strings])
}

/// Returns the names that a field refers to. An attribute also exists if a nested one does.
fn names(field: &Field, test: &Test, vocabulary: &Vocabulary) -> Vec<Symbol> {
    let (name, is_attribute) = match field {
        Field::Attribute(path) => (format!("@{path}"), true),
        Field::Tag(name) => (name.clone(), false),
    };
    if is_attribute && *test == Test::Exists {
        let nested = format!("{name}.");
        let names = vocabulary
            .names
            .iter()
            .filter(|(_, other)| *other == name || other.starts_with(&nested));
        return names.map(|(symbol, _)| symbol).collect();
    }
    vocabulary.names.find(&name).into_iter().collect()
}

fn matcher(test: &Test, vocabulary: &Vocabulary, room: &mut usize) -> Matcher {
    match test {
        Test::Exists => Matcher::Exists,
        Test::Is(pattern) => match pattern.as_literal() {
            Some(literal) => Matcher::Literal {
                string: vocabulary.strings.find(literal),
                number: number(literal),
                boolean: literal.parse().ok(),
            },
            None => Matcher::Pattern(pattern.clone(), memo(vocabulary, room)),
        },
        Test::Compare(comparison, bound) => Matcher::Compare(*comparison, *bound),
        Test::Range { low, high } => Matcher::Range { low: low.clone(), high: high.clone() },
    }
}

impl Node {
    fn matches(&self, facts: &Facts, vocabulary: &Vocabulary) -> bool {
        match self {
            Self::All => true,
            Self::And(parts) => parts.iter().all(|part| part.matches(facts, vocabulary)),
            Self::Or(parts) => parts.iter().any(|part| part.matches(facts, vocabulary)),
            Self::Not(part) => !part.matches(facts, vocabulary),
            Self::Phrase(phrase, memo) => facts.iter().any(|(_, fact)| match fact {
                Fact::String(symbol) => {
                    memoised(memo, symbol, vocabulary, |string| phrase.occurs_in(string))
                }
                Fact::Number(_) | Fact::Boolean(_) => false,
            }),
            Self::Values(names, matcher) => names
                .iter()
                .any(|name| facts.values(*name).any(|fact| matcher.matches(fact, vocabulary))),
        }
    }
}

/// Returns the remembered result for a string, or computes and remembers it.
fn memoised(
    memo: &Memo,
    symbol: Symbol,
    vocabulary: &Vocabulary,
    matches: impl FnOnce(&str) -> bool,
) -> bool {
    let mut memo = memo.borrow_mut();
    match memo.get_mut(symbol.index()) {
        Some(known) => *known.get_or_insert_with(|| matches(vocabulary.strings.resolve(symbol))),
        None => matches(vocabulary.strings.resolve(symbol)),
    }
}

impl Matcher {
    fn matches(&self, fact: Fact, vocabulary: &Vocabulary) -> bool {
        match (self, fact) {
            (Self::Exists, _) => true,
            (Self::Literal { string, .. }, Fact::String(fact)) => *string == Some(fact),
            (Self::Literal { number, .. }, Fact::Number(fact)) => *number == Some(fact),
            (Self::Literal { boolean, .. }, Fact::Boolean(fact)) => *boolean == Some(fact),
            (Self::Pattern(pattern, memo), Fact::String(fact)) => {
                memoised(memo, fact, vocabulary, |string| pattern.matches(string))
            }
            (Self::Pattern(pattern, _), Fact::Number(fact)) => pattern.matches(&fact.to_string()),
            (Self::Pattern(pattern, _), Fact::Boolean(fact)) => pattern.matches(&fact.to_string()),
            (Self::Compare(comparison, bound), Fact::Number(fact)) => {
                fact.partial_cmp(bound).is_some_and(|order| comparison.holds(order))
            }
            (Self::Range { low, high }, fact) => {
                let is_within = |bound: &Option<(Bound, bool)>, inside: Ordering| match bound {
                    None => true,
                    Some((bound, is_inclusive)) => match order(fact, bound, vocabulary) {
                        Some(Ordering::Equal) => *is_inclusive,
                        Some(order) => order == inside,
                        None => false,
                    },
                };
                is_within(low, Ordering::Greater) && is_within(high, Ordering::Less)
            }
            (Self::Compare(..), Fact::String(_) | Fact::Boolean(_)) => false,
        }
    }
}

/// Compares a fact with a bound. Only two numbers, or two strings, are comparable.
fn order(fact: Fact, bound: &Bound, vocabulary: &Vocabulary) -> Option<Ordering> {
    match (fact, bound) {
        (Fact::Number(fact), Bound::Number(bound)) => fact.partial_cmp(bound),
        (Fact::String(fact), Bound::String(bound)) => {
            Some(vocabulary.strings.resolve(fact).cmp(bound))
        }
        _ => None,
    }
}

/// A word or phrase to find in a string, case-insensitive.
struct Phrase {
    pattern: Pattern,
    /// The words of a pattern without wildcards.
    words: Option<Vec<String>>,
}

impl Phrase {
    fn new(pattern: &Pattern) -> Self {
        let pattern = pattern.to_lowercase();
        let words = pattern.as_literal().map(|literal| words(literal).map(str::to_owned).collect());
        Self { pattern, words }
    }

    /// Returns whether a string contains the words one after the other. Only whole words match;
    /// the characters between words are ignored.
    fn occurs_in(&self, string: &str) -> bool {
        match &self.words {
            // ASCII, the usual case, is compared without allocating a lowercase copy.
            Some(phrase) if string.is_ascii() => contains(words(string), phrase),
            Some(phrase) => contains(words(&string.to_lowercase()), phrase),
            None => {
                let lower = string.to_lowercase();
                self.pattern.matches(&lower) || words(&lower).any(|word| self.pattern.matches(word))
            }
        }
    }
}

/// Returns whether a sequence of words contains a phrase.
fn contains<'t>(mut words: impl Iterator<Item = &'t str> + Clone, phrase: &[String]) -> bool {
    loop {
        let mut candidate = words.clone();
        let is_next =
            |word: &String| candidate.next().is_some_and(|other| other.eq_ignore_ascii_case(word));
        if phrase.iter().all(is_next) {
            return true;
        }
        if words.next().is_none() {
            return false;
        }
    }
}

fn words(string: &str) -> impl Iterator<Item = &str> + Clone {
    string.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}
