//! The structure of a query: how its tests are combined.

use std::collections::HashMap;

use super::cache::Cache;
use super::existence::Existence;
use super::field::Scalars;
use super::group::{Evaluation, Group, Subject, Unmatched};
use super::matcher::Matcher;
use crate::common::Stopped;
use crate::event::facts::{Fact, Facts, Positions, Reading, Symbol, Vocabulary};
use crate::query::ast::{Field, Query, Test};
use crate::query::value::number;

/// A query prepared for the events of one vocabulary. It is valid for events that were inserted
/// before it was prepared.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// The clauses that all queries have.
    common: Node,
    /// The other clauses of each query.
    own: Vec<Node>,
    /// Which queries the last event matches.
    found: Vec<bool>,
    groups: Vec<Group>,
    /// Where the values of single tests are.
    positions: Positions,
    /// The number of evaluations.
    evaluations: u64,
    /// The steps of matching strings so far.
    steps: usize,
    /// The symbols must keep their strings.
    _reading: Reading,
}

#[derive(Debug)]
enum Node {
    All,
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
    /// A test of a group.
    Test {
        group: usize,
        bit: usize,
    },
    /// The only test of a field, whose position has this number.
    Value(usize, Single),
}

/// A test that is cheaper than to find the result of a group.
#[derive(Debug)]
enum Single {
    /// This string, or the number or boolean that it represents.
    Literal {
        string: Option<Symbol>,
        number: Option<f64>,
        boolean: Option<bool>,
    },
    Compare(crate::query::value::Comparison, f64),
}

impl Query {
    /// Prepares the query for the events of a vocabulary.
    pub(crate) fn compile(&self, vocabulary: &Vocabulary) -> Compiled {
        Compiled::new(self, &[Self::All], vocabulary)
    }
}

impl Compiled {
    /// Prepares several queries, each with its own clauses and those that all have.
    pub(crate) fn new(common: &Query, own: &[Query], vocabulary: &Vocabulary) -> Self {
        let mut builder = Builder::default();
        builder.count(common);
        own.iter().for_each(|query| builder.count(query));
        let common = builder.node(common, vocabulary);
        let own: Vec<Node> = own.iter().map(|query| builder.node(query, vocabulary)).collect();
        let positions = Positions::new(builder.values.into_iter());
        let count = builder.groups.len();
        let group = |(number, (subject, bits)): (usize, (Subject, usize))| {
            let keys = match &subject {
                Subject::Strings(_) | Subject::Field(..) => vocabulary.strings.len(),
                Subject::Names(_) => vocabulary.shapes(),
            };
            Group::new(number, subject, bits, Cache::new(count, keys))
        };
        let groups = builder.groups.into_iter().enumerate().map(group).collect();
        let found = vec![false; own.len()];
        let _reading = vocabulary.reading();
        Self { common, own, found, groups, positions, evaluations: 0, steps: 0, _reading }
    }

    /// Returns whether an event matches a query.
    ///
    /// # Errors
    /// Returns a string that takes long to match. [`Self::learn`] matches it.
    pub(crate) fn matches(
        &mut self,
        facts: &Facts,
        vocabulary: &Vocabulary,
    ) -> Result<bool, Unmatched> {
        self.evaluations += 1;
        let Self { common, own, found, groups, positions, .. } = self;
        let mut event = Evaluation {
            number: self.evaluations,
            facts,
            vocabulary,
            spans: positions.find(facts),
            steps: self.steps,
        };
        let mut evaluate = || {
            if !common.matches(&mut event, groups)? {
                return Ok(false);
            }
            for (node, found) in own.iter().zip(&mut *found) {
                *found = node.matches(&mut event, groups)?;
            }
            Ok(found.contains(&true))
        };
        let result = evaluate();
        self.steps = event.steps;
        result
    }

    /// Returns which queries the last event matches, if it matches any.
    pub(crate) fn found(&self) -> &[bool] {
        &self.found
    }

    /// Returns about how many steps of matching strings were taken since the last call.
    pub(crate) fn take_steps(&mut self) -> usize {
        std::mem::take(&mut self.steps)
    }

    /// Matches a string without its vocabulary, after which the event must be evaluated again.
    pub(crate) fn learn(
        &mut self,
        unmatched: Unmatched,
        string: &str,
        check: &mut dyn FnMut() -> Result<(), Stopped>,
    ) -> Result<(), Stopped> {
        let group = self.groups.get_mut(unmatched.group);
        group.map_or(Ok(()), |group| group.learn(unmatched.symbol, string, check))
    }
}

/// What the tests of a group look at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    Strings,
    Field(Field),
    Names,
}

fn key(query: &Query) -> Option<Key> {
    match query {
        Query::Phrase(_) => Some(Key::Strings),
        Query::Field(_, Test::Exists) => Some(Key::Names),
        Query::Field(field, _) => Some(Key::Field(field.clone())),
        Query::All | Query::And(_) | Query::Or(_) | Query::Not(_) => None,
    }
}

#[derive(Default)]
struct Builder {
    /// The number of tests of each group.
    counts: HashMap<Key, usize>,
    numbers: HashMap<Key, usize>,
    groups: Vec<(Subject, usize)>,
    /// The names of single tests.
    values: Vec<Option<Symbol>>,
}

impl Builder {
    fn count(&mut self, query: &Query) {
        match query {
            Query::And(parts) | Query::Or(parts) => {
                parts.iter().for_each(|part| self.count(part));
            }
            Query::Not(part) => self.count(part),
            leaf => {
                if let Some(key) = key(leaf) {
                    *self.counts.entry(key).or_default() += 1;
                }
            }
        }
    }

    fn node(&mut self, query: &Query, vocabulary: &Vocabulary) -> Node {
        match query {
            Query::All => Node::All,
            Query::Or(parts) => Node::Or(self.any(parts.iter(), vocabulary)),
            Query::And(parts) => {
                let negated = parts.iter().filter_map(|part| match part {
                    Query::Not(part) => Some(&**part),
                    _ => None,
                });
                // None of them may match.
                let negated = self.any(negated, vocabulary).into_iter();
                let negated: Vec<Node> = negated.map(|node| Node::Not(Box::new(node))).collect();
                let others = parts.iter().filter(|part| !matches!(part, Query::Not(_)));
                let others = others.map(|part| self.node(part, vocabulary));
                Node::And(others.chain(negated).collect())
            }
            Query::Not(part) => Node::Not(Box::new(self.node(part, vocabulary))),
            leaf => self.leaf(leaf, &mut HashMap::new(), vocabulary),
        }
    }

    /// Returns nodes of which any must match. Tests of one group become one.
    fn any<'q>(
        &mut self,
        parts: impl Iterator<Item = &'q Query>,
        vocabulary: &Vocabulary,
    ) -> Vec<Node> {
        let mut bits = HashMap::new();
        let mut nodes = Vec::new();
        for part in parts {
            let known = bits.len();
            let node = match key(part) {
                Some(_) => self.leaf(part, &mut bits, vocabulary),
                None => self.node(part, vocabulary),
            };
            if !matches!(node, Node::Test { .. }) || bits.len() > known {
                nodes.push(node);
            }
        }
        nodes
    }

    /// Adds a test. Tests of one group share the bit in `bits`.
    fn leaf(
        &mut self,
        query: &Query,
        bits: &mut HashMap<usize, usize>,
        vocabulary: &Vocabulary,
    ) -> Node {
        let Some(key) = key(query) else { return Node::All };
        if let (Query::Field(field, test), Some(1)) = (query, self.counts.get(&key))
            && let Some(single) = single(test, vocabulary)
        {
            self.values.push(vocabulary.names.find(&field.name()));
            return Node::Value(self.values.len() - 1, single);
        }
        let group = *self.numbers.entry(key).or_insert_with_key(|key| {
            let subject = match key {
                Key::Strings => Subject::Strings(Matcher::of_words()),
                Key::Names => Subject::Names(Existence::default()),
                Key::Field(field) => {
                    let name = vocabulary.names.find(&field.name());
                    Subject::Field(name, Scalars::default(), Matcher::of_values())
                }
            };
            self.groups.push((subject, 0));
            self.groups.len() - 1
        });
        let Some((subject, count)) = self.groups.get_mut(group) else { return Node::All };
        let bit = *bits.entry(group).or_insert_with(|| {
            *count += 1;
            *count - 1
        });
        match (subject, query) {
            (Subject::Strings(matcher), Query::Phrase(pattern)) => matcher.add(pattern, bit),
            (Subject::Field(_, scalars, matcher), Query::Field(_, test)) => {
                scalars.add(test, matcher, bit);
            }
            (Subject::Names(existence), Query::Field(field, _)) => existence.add(field, bit),
            _ => {}
        }
        Node::Test { group, bit }
    }
}

fn single(test: &Test, vocabulary: &Vocabulary) -> Option<Single> {
    match test {
        Test::Is(pattern) => {
            let literal = pattern.as_literal()?;
            let string = vocabulary.strings.find(literal);
            Some(Single::Literal { string, number: number(literal), boolean: literal.parse().ok() })
        }
        Test::Compare(comparison, bound) => Some(Single::Compare(*comparison, *bound)),
        Test::Exists | Test::Range { .. } => None,
    }
}

impl Node {
    fn matches(&self, event: &mut Evaluation<'_>, groups: &mut [Group]) -> Result<bool, Unmatched> {
        match self {
            Self::All => Ok(true),
            Self::And(parts) => {
                for part in parts {
                    if !part.matches(event, groups)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Or(parts) => {
                for part in parts {
                    if part.matches(event, groups)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Self::Not(part) => Ok(!part.matches(event, groups)?),
            Self::Test { group, bit } => match groups.get_mut(*group) {
                Some(group) => Ok(group.found(event)?.contains(*bit)),
                None => Ok(false),
            },
            Self::Value(position, single) => {
                let values = event.spans.get(*position).map(|span| event.facts.at(*span));
                Ok(values.unwrap_or_default().iter().any(|fact| single.matches(*fact)))
            }
        }
    }
}

impl Single {
    fn matches(&self, fact: Fact) -> bool {
        match (self, fact) {
            (Self::Literal { string, .. }, Fact::String(fact)) => *string == Some(fact),
            (Self::Literal { number, .. }, Fact::Number(fact)) => *number == Some(fact),
            (Self::Literal { boolean, .. }, Fact::Boolean(fact)) => *boolean == Some(fact),
            (Self::Compare(comparison, bound), Fact::Number(fact)) => {
                fact.partial_cmp(bound).is_some_and(|order| comparison.holds(order))
            }
            (Self::Compare(..), Fact::String(_) | Fact::Boolean(_)) => false,
        }
    }
}
