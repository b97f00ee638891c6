//! The glossary: which words to avoid, and what to use instead.

use std::collections::{BTreeMap, HashMap};

use regex_lite::{Regex, RegexBuilder};

use super::split::{Word, split};

/// A row of the glossary.
#[derive(Debug)]
pub(super) struct Term {
    /// The word to avoid, without its qualifier.
    pub(super) name: String,
    pub(super) instead: String,
    /// What is searched instead of the word, if only some of its senses are to be avoided.
    pattern: Option<Regex>,
}

/// All rows, indexed by the first word of each form.
#[derive(Debug, Default)]
pub(super) struct Glossary {
    pub(super) terms: Vec<Term>,
    forms: HashMap<String, Vec<(usize, Vec<String>)>>,
}

impl Glossary {
    /// Reads the table with the columns "Avoid" and "Use instead".
    ///
    /// # Errors
    /// Returns an error if the table is missing or a pattern is not a regular expression.
    pub(super) fn read(
        table: &str,
        forms: &BTreeMap<String, Vec<String>>,
        patterns: &BTreeMap<String, String>,
    ) -> Result<Self, String> {
        let mut glossary = Self::default();
        for (avoid, instead) in rows(table) {
            for name in avoid.split([',', '/']).map(unqualified) {
                let pattern = patterns.get(&name).map(|pattern| compile(pattern)).transpose()?;
                let term = glossary.terms.len();
                if pattern.is_none() {
                    let plural = format!("{name}s");
                    let further = forms.get(&name).into_iter().flatten();
                    for form in [&name, &plural].into_iter().chain(further) {
                        glossary.add_form(term, form);
                    }
                }
                glossary.terms.push(Term { name, instead: instead.clone(), pattern });
            }
        }
        let is_known = |name: &&String| !glossary.terms.iter().any(|term| term.name == **name);
        if let Some(unknown) = forms.keys().chain(patterns.keys()).find(is_known) {
            return Err(format!("error: `{unknown}` is not a word of the glossary"));
        }
        match glossary.terms.is_empty() {
            true => Err("error: no table with the columns `Avoid` and `Use instead`".to_owned()),
            false => Ok(glossary),
        }
    }

    fn add_form(&mut self, term: usize, form: &str) {
        let mut words = split(form).into_iter().map(|word| word.word);
        let Some(first) = words.next() else { return };
        let (rest, forms) = (words.collect(), self.forms.entry(first).or_default());
        // Rows may repeat a form of another word.
        if forms.iter().all(|(_, other)| *other != rest) {
            forms.push((term, rest));
        }
    }

    /// Returns the terms that occur in a line, each once.
    pub(super) fn occurring(&self, line: &str) -> Vec<usize> {
        let words = split(line);
        let mut found = Vec::new();
        for (i, word) in words.iter().enumerate() {
            for (term, rest) in self.forms.get(&word.word).into_iter().flatten() {
                if continues(&words[i + 1..], rest) && !found.contains(term) {
                    found.push(*term);
                }
            }
        }
        for (i, term) in self.terms.iter().enumerate() {
            let Some(pattern) = &term.pattern else { continue };
            // Most lines do not have the word at all, which is cheaper to see.
            let has_word = words.iter().any(|word| word.word.starts_with(&term.name));
            if has_word && pattern.is_match(line) {
                found.push(i);
            }
        }
        found
    }
}

fn continues(words: &[Word], rest: &[String]) -> bool {
    words.len() >= rest.len()
        && rest.iter().zip(words).all(|(rest, word)| word.follows && word.word == *rest)
}

fn compile(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .build()
        .map_err(|error| format!("error: `{pattern}`: {error}"))
}

/// The first two cells of each row of the table.
fn rows(table: &str) -> Vec<(String, String)> {
    let lines = table.lines().map(str::trim).skip_while(|line| !line.starts_with("| Avoid"));
    let cells = lines.skip(2).map_while(|line| {
        let (avoid, rest) = line.strip_prefix('|')?.split_once('|')?;
        let instead = rest.split('|').next()?;
        Some((avoid.trim().to_owned(), instead.trim().to_owned()))
    });
    cells.collect()
}

/// Removes the qualifier in parentheses, which names the sense of a word.
fn unqualified(name: &str) -> String {
    name.split('(').next().unwrap_or_default().trim_matches([' ', '`', '"']).to_lowercase()
}
