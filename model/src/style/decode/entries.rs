//! Names and values of a query, cookies or a form.

/// A name and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The name.
    pub name: String,
    /// The value as it was sent: percent-encoded delimiters differ from those that are not.
    pub raw: String,
    /// The value.
    pub value: String,
}

/// The entries of a query, of cookies or of a form.
#[derive(Debug, Default)]
pub struct Entries {
    /// All entries, in the order in which they were sent.
    pub all: Vec<Entry>,
    /// The names that belong to other parameters.
    pub claimed: Vec<&'static str>,
}

impl Entries {
    /// Parses a query, or a form in the same encoding.
    #[must_use]
    pub fn from_query(query: &str) -> Self {
        Self { all: query_entries(query), claimed: Vec::new() }
    }

    /// Parses the values of `Cookie` headers.
    pub fn from_cookies<'h>(headers: impl IntoIterator<Item = &'h str>) -> Self {
        let cookies = headers.into_iter().flat_map(|header| header.split(';'));
        let entries = cookies.filter_map(|cookie| {
            let (name, raw) = cookie.trim().split_once('=')?;
            let raw = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')).unwrap_or(raw);
            let name = percent_decoded(name);
            Some(Entry { name, raw: raw.to_owned(), value: percent_decoded(raw) })
        });
        Self { all: entries.collect(), claimed: Vec::new() }
    }

    /// Parses the values of `Cookie` headers whose names and values are not percent-encoded.
    pub fn from_plain_cookies<'h>(headers: impl IntoIterator<Item = &'h str>) -> Self {
        let cookies = headers.into_iter().flat_map(|header| header.split(';'));
        let entries = cookies.filter_map(|cookie| {
            let (name, value) = cookie.trim().split_once('=')?;
            // Percent signs are not the start of encoded characters.
            let raw = value.replace('%', "%25");
            Some(Entry { name: name.to_owned(), raw, value: value.to_owned() })
        });
        Self { all: entries.collect(), claimed: Vec::new() }
    }

    /// Reserves names for other parameters.
    #[must_use]
    pub fn claim(mut self, names: impl IntoIterator<Item = &'static str>) -> Self {
        self.claimed.extend(names);
        self
    }
}

/// Parses the entries of a query.
#[must_use]
pub fn query_entries(query: &str) -> Vec<Entry> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let raw = value.replace('+', " ");
            let name = percent_decoded(&name.replace('+', " "));
            Entry { name, value: percent_decoded(&raw), raw }
        })
        .collect()
}

/// Decodes percent encoding. Bytes that are not UTF-8 are replaced.
#[must_use]
pub fn percent_decoded(encoded: &str) -> String {
    percent_encoding::percent_decode_str(encoded).decode_utf8_lossy().into_owned()
}
