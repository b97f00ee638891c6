//! Reading of the configuration.

use super::options::Config;
use crate::diagnostics::{Diagnostics, Location, messages};
use crate::text::Source;

impl Config {
    /// Parses a configuration file in TOML.
    ///
    /// # Errors
    /// Returns a diagnostic if the source is not TOML, or has an unknown option.
    ///
    /// ```
    /// let source = specwright::Source::new("specwright.toml", "select.tags = ['Pets']");
    /// let config = specwright::Config::parse(source).expect("a valid configuration");
    /// assert_eq!(config.select.tags.len(), 1);
    /// ```
    pub fn parse(source: Source) -> Result<Self, Diagnostics> {
        match toml::from_str::<Self>(&source.content) {
            Ok(config) => Ok(Self { source, ..config }),
            Err(error) => {
                let mut diagnostics = Diagnostics::new(Vec::new(), source);
                // An empty range would be an option without a position.
                let span = error.span().unwrap_or_default();
                let location = Location::Config(span.start..span.end.max(span.start + 1));
                diagnostics.report(location, messages::invalid_config(error.message()));
                Err(diagnostics)
            }
        }
    }
}
