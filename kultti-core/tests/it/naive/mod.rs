//! The fast path against a naive one: random countries, and every figure of `compare_all` computed again from the rules in
//! plain loops that share no code with the library.

mod country;
mod documents;
mod everything;
mod expected;
mod figures;
mod positions;
mod verbs;

pub(crate) use country::{Country, Size};
