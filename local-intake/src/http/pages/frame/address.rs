//! The state of a page in its address: a path and the pairs of the query.

use form_urlencoded::{Serializer, parse};

/// The address of a page. Links to other states are made from it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::http::pages) struct Address {
    path: &'static str,
    pairs: Vec<(String, String)>,
}

impl Address {
    /// Creates an address from a path and the query of a request. Empty values are dropped.
    pub(in crate::http::pages) fn new(path: &'static str, query: Option<&str>) -> Self {
        let pairs = parse(query.unwrap_or_default().as_bytes())
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        Self { path, pairs }
    }

    /// Returns the first value of a name.
    pub(in crate::http::pages) fn get(&self, name: &str) -> Option<&str> {
        self.all(name).next()
    }

    /// Returns all values of a name.
    pub(in crate::http::pages) fn all<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> {
        let pairs = self.pairs.iter().filter(move |(other, _)| other == name);
        pairs.map(|(_, value)| value.as_str())
    }

    /// Returns the pairs that a form keeps, without those that it sets.
    pub(in crate::http::pages) fn without<'a>(
        &'a self,
        names: &'a [&str],
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        let pairs = self.pairs.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        pairs.map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns the address with another value. An empty one removes the pair.
    pub(in crate::http::pages) fn with(&self, name: &str, value: &str) -> Self {
        let mut address = self.clone();
        address.pairs.retain(|(other, _)| other != name);
        if !value.is_empty() {
            address.pairs.push((name.to_owned(), value.to_owned()));
        }
        address
    }

    /// Returns the address of another page with these pairs of this one, and no others.
    pub(in crate::http::pages) fn at(&self, path: &'static str, kept: &[&str]) -> Self {
        let pairs = self.pairs.iter().filter(|(name, _)| kept.contains(&name.as_str()));
        Self { path, pairs: pairs.cloned().collect() }
    }

    /// Returns the address as a link.
    pub(in crate::http::pages) fn link(&self) -> String {
        if self.pairs.is_empty() {
            return self.path.to_owned();
        }
        let path = format!("{}?", self.path);
        let start = path.len();
        let mut query = Serializer::for_suffix(path, start);
        query.extend_pairs(&self.pairs);
        query.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn links_keep_the_state() {
        let address = Address::new("/executions", Some("query=a%20b&column=x&column=y&to="));
        assert_eq!(address.link(), "/executions?query=a+b&column=x&column=y");
        assert_eq!(address.with("query", "").link(), "/executions?column=x&column=y");
        assert_eq!(address.with("column", "&").link(), "/executions?query=a+b&column=%26");
        assert_eq!(address.at("/jobs", &["query"]).link(), "/jobs?query=a+b");
        assert_eq!(Address::new("/", None).link(), "/");
        let kept: Vec<_> = address.without(&["column"]).collect();
        assert_eq!(kept, [("query", "a b")]);
    }
}
