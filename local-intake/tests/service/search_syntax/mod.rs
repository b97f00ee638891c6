//! The search syntax: which events a query matches.

mod clauses;
mod corpus;
mod values;
