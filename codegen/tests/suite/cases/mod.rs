//! The cases in `fixtures/`.
//!
//! | module | responsibility |
//! |---|---|
//! | `codes` | every diagnostic code has a case that causes it |
//! | `diff` | `fixtures/diff`: the changes between documents |
//! | `fields` | every field of OpenAPI 3.2 has an effect |
//! | `generate` | `fixtures/generate`: the generated files and the warnings |
//! | `recovered` | `fixtures/recovered`: flawed documents that are generated with warnings |
//! | `rejected` | `fixtures/rejected`: documents that are rejected |
//! | `signatures` | what users of generated code see |

mod codes;
mod diff;
mod fields;
mod generate;
mod recovered;
mod rejected;
mod signatures;
