//! A query made ready for many events: names and texts are looked up once, and whether a
//! pattern fits a text is found out once for each distinct text.

use std::cell::RefCell;
use std::cmp::Ordering;

use super::value::number;
use super::{Bound, Comparison, Field, Pattern, Query, Test};
use crate::facts::{Fact, Facts, Symbol, Vocabulary};

/// A query over the events of one vocabulary.
pub struct Compiled<'v> {
    node: Node,
    vocabulary: &'v Vocabulary,
}

enum Node {
    All,
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    /// A word in any text.
    Words(Words, Memo),
    /// A test of the values under any of these names.
    Values(Vec<Symbol>, Check),
}

enum Check {
    Exists,
    /// This text, or the number or truth value that it spells.
    Literal {
        text: Option<Symbol>,
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

/// What has been found out about texts, by their symbols.
type Memo = RefCell<Vec<Option<bool>>>;

/// How many bytes all that has been found out for one query takes up at most. What has no
/// room is found out each time: a query may have many words, and a store many texts.
const MAX_MEMOS: usize = 64 * 1024 * 1024;

impl Query {
    /// Makes the query ready for the events of a vocabulary.
    #[must_use]
    pub fn compile<'v>(&self, vocabulary: &'v Vocabulary) -> Compiled<'v> {
        Compiled { node: node(self, vocabulary, &mut { MAX_MEMOS }), vocabulary }
    }
}

impl Compiled<'_> {
    /// Whether the query asks for an event.
    #[must_use]
    pub fn matches(&self, facts: &Facts) -> bool {
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
        Query::Text(pattern) => Node::Words(Words::of(pattern), memo(vocabulary, room)),
        Query::Field(field, test) => {
            Node::Values(names(field, test, vocabulary), check(test, vocabulary, room))
        }
    }
}

fn memo(vocabulary: &Vocabulary, room: &mut usize) -> Memo {
    let texts = vocabulary.texts.len();
    let Some(rest) = room.checked_sub(texts) else { return Memo::default() };
    *room = rest;
    RefCell::new(vec![None; texts])
}

/// The names that a field stands for: there is an attribute also where there is one below it.
fn names(field: &Field, test: &Test, vocabulary: &Vocabulary) -> Vec<Symbol> {
    let (name, is_attribute) = match field {
        Field::Attribute(path) => (format!("@{path}"), true),
        Field::Tag(name) => (name.clone(), false),
    };
    if is_attribute && *test == Test::Exists {
        let below = format!("{name}.");
        let found = vocabulary
            .names
            .iter()
            .filter(|(_, other)| *other == name || other.starts_with(&below));
        return found.map(|(symbol, _)| symbol).collect();
    }
    vocabulary.names.find(&name).into_iter().collect()
}

fn check(test: &Test, vocabulary: &Vocabulary, room: &mut usize) -> Check {
    match test {
        Test::Exists => Check::Exists,
        Test::Is(pattern) => match pattern.as_literal() {
            Some(text) => Check::Literal {
                text: vocabulary.texts.find(text),
                number: number(text),
                boolean: text.parse().ok(),
            },
            None => Check::Pattern(pattern.clone(), memo(vocabulary, room)),
        },
        Test::Compare(comparison, bound) => Check::Compare(*comparison, *bound),
        Test::Range { low, high } => Check::Range { low: low.clone(), high: high.clone() },
    }
}

impl Node {
    fn matches(&self, facts: &Facts, vocabulary: &Vocabulary) -> bool {
        match self {
            Self::All => true,
            Self::And(parts) => parts.iter().all(|part| part.matches(facts, vocabulary)),
            Self::Or(parts) => parts.iter().any(|part| part.matches(facts, vocabulary)),
            Self::Not(part) => !part.matches(facts, vocabulary),
            Self::Words(words, memo) => facts.iter().any(|(_, fact)| match fact {
                Fact::Text(text) => remembered(memo, text, vocabulary, |text| words.are_in(text)),
                Fact::Number(_) | Fact::Boolean(_) => false,
            }),
            Self::Values(names, check) => names
                .iter()
                .any(|name| facts.under(*name).any(|fact| check.passes(fact, vocabulary))),
        }
    }
}

/// What is known about a text, or found out now.
fn remembered(
    memo: &Memo,
    text: Symbol,
    vocabulary: &Vocabulary,
    find: impl FnOnce(&str) -> bool,
) -> bool {
    let mut memo = memo.borrow_mut();
    match memo.get_mut(text.index()) {
        Some(known) => *known.get_or_insert_with(|| find(vocabulary.texts.text(text))),
        None => find(vocabulary.texts.text(text)),
    }
}

impl Check {
    fn passes(&self, fact: Fact, vocabulary: &Vocabulary) -> bool {
        match (self, fact) {
            (Self::Exists, _) => true,
            (Self::Literal { text, .. }, Fact::Text(fact)) => *text == Some(fact),
            (Self::Literal { number, .. }, Fact::Number(fact)) => *number == Some(fact),
            (Self::Literal { boolean, .. }, Fact::Boolean(fact)) => *boolean == Some(fact),
            (Self::Pattern(pattern, memo), Fact::Text(fact)) => {
                remembered(memo, fact, vocabulary, |text| pattern.matches(text))
            }
            (Self::Pattern(pattern, _), Fact::Number(fact)) => pattern.matches(&fact.to_string()),
            (Self::Pattern(pattern, _), Fact::Boolean(fact)) => pattern.matches(&fact.to_string()),
            (Self::Compare(comparison, bound), Fact::Number(fact)) => {
                fact.partial_cmp(bound).is_some_and(|order| comparison.holds(order))
            }
            (Self::Range { low, high }, fact) => {
                let lies = |bound: &Option<(Bound, bool)>, beyond: Ordering| match bound {
                    None => true,
                    Some((bound, within)) => match order(fact, bound, vocabulary) {
                        Some(Ordering::Equal) => *within,
                        Some(order) => order == beyond,
                        None => false,
                    },
                };
                lies(low, Ordering::Greater) && lies(high, Ordering::Less)
            }
            (Self::Compare(..), Fact::Text(_) | Fact::Boolean(_)) => false,
        }
    }
}

/// Numbers lie to numbers and texts to texts; nothing else has an order.
fn order(fact: Fact, bound: &Bound, vocabulary: &Vocabulary) -> Option<Ordering> {
    match (fact, bound) {
        (Fact::Number(fact), Bound::Number(bound)) => fact.partial_cmp(bound),
        (Fact::Text(fact), Bound::Text(bound)) => Some(vocabulary.texts.text(fact).cmp(bound)),
        _ => None,
    }
}

/// A word or phrase to be found in a text, whatever the case.
struct Words {
    pattern: Pattern,
    /// The words of a pattern without open places.
    phrase: Option<Vec<String>>,
}

impl Words {
    fn of(pattern: &Pattern) -> Self {
        let pattern = pattern.to_lowercase();
        let phrase = pattern.as_literal().map(|text| words(text).map(str::to_owned).collect());
        Self { pattern, phrase }
    }

    /// Whether the words stand in a text one behind the other. They are not parts of longer
    /// words; what stands between words in the text and here makes no difference.
    fn are_in(&self, text: &str) -> bool {
        match &self.phrase {
            // Most texts are of these letters, of which the lower ones need not be written down.
            Some(phrase) if text.is_ascii() => follow(phrase, words(text)),
            Some(phrase) => follow(phrase, words(&text.to_lowercase())),
            None => {
                let text = text.to_lowercase();
                self.pattern.matches(&text) || words(&text).any(|word| self.pattern.matches(word))
            }
        }
    }
}

/// Whether a phrase stands somewhere in a row of words.
fn follow<'t>(phrase: &[String], mut words: impl Iterator<Item = &'t str> + Clone) -> bool {
    loop {
        let mut from_here = words.clone();
        let stands =
            |word: &String| from_here.next().is_some_and(|other| other.eq_ignore_ascii_case(word));
        if phrase.iter().all(stands) {
            return true;
        }
        if words.next().is_none() {
            return false;
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> + Clone {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}
