//! Recovery of invalid documents whose intent is clear, before they are deserialized into the
//! strict types of `openapiv3`. Objects keep their pointers. A note about a recovered problem is
//! reported once its part of the document is used.
//!
//! | module | responsibility |
//! |---|---|
//! | `walk` | recovery of a whole document |
//! | `part` | an object that is being recovered |
//! | `notes` | recovered problems that are not reported yet |
//! | `field_types` | JSON types of fields, and conversions to them |
//! | `objects` | all objects but schemas |
//! | `keywords` | misspelled keywords |
//! | `fields` | unknown and unused fields of OpenAPI 3.2 |
//! | `media_types` | misspelled media types |
//! | `schema` | schemas |
//! | `pattern` | regular expressions in the syntax of JavaScript literals |

mod field_types;
mod fields;
mod keywords;
mod media_types;
mod notes;
mod objects;
mod part;
mod pattern;
mod schema;
mod walk;

pub(super) use fields::check as check_fields;
pub(super) use notes::Notes;
pub(super) use walk::{Version, recover};
