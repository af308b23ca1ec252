//! Identifiers as types, so that a measure's id cannot be taken for an area's code.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! identifier {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The identifier of that text.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    )*};
}

identifier! {
    /// A measure, such as `library.net_operating_cost`.
    MeasureId
    /// An indicator, such as `culture.net_operating_cost_per_inhabitant`.
    IndicatorId
    /// An area's code: text with leading zeros, such as `049`.
    AreaCode
    /// A grouping of areas, such as `region`.
    GroupingId
    /// A group within a grouping, such as `16`.
    GroupCode
    /// A function that costs are booked under, such as `library`.
    FunctionId
    /// A set of functions, such as `culture_excluding_library`.
    ScopeId
}
