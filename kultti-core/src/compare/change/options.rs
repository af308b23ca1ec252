//! What may be chosen for `change`.

use crate::error::{Error, Result};
use crate::model::Period;
use crate::panel::{Borders, PriceBasis};
use crate::territory::COUNTRY;
use std::fmt;
use std::str::FromStr;

/// How a change is taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum ChangeMethod {
    /// The mean over all orders; valid for zero and negative figures.
    #[default]
    Shapley,
    /// By the logarithmic mean; every factor must be positive.
    Lmdi,
}

/// Which areas a group's two values rest on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum ChangePanel {
    /// The same areas at both ends: those with figures at both and no break between them.
    #[default]
    Constant,
    /// At each end every area that has a figure there.
    All,
}

macro_rules! named {
    ($type:ident, $argument:literal, $expected:literal, $($variant:ident = $name:literal),+) => {
        impl $type {
            /// The name in options and results.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl FromStr for $type {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self> {
                match text {
                    $($name => Ok(Self::$variant),)+
                    _ => Err(Error::InvalidArgument {
                        name: $argument.into(),
                        expected: $expected.into(),
                        found: text.into(),
                    }),
                }
            }
        }
    };
}

named!(
    ChangeMethod,
    "method",
    "shapley, lmdi",
    Shapley = "shapley",
    Lmdi = "lmdi"
);
named!(
    ChangePanel,
    "panel",
    "constant, all",
    Constant = "constant",
    All = "all"
);

/// Options of [`crate::release::Release::change`]; a grouping alone is enough.
///
/// ```
/// use kultti_core::compare::ChangeOptions;
/// let options = ChangeOptions::from("region").between(2015, 2019);
/// assert_eq!((options.by.as_str(), options.from), ("region", Some(2015.into())));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeOptions {
    /// The grouping (`region`), one group of it (`region:16`), or `country`.
    pub by: String,
    /// First period; the first one with values when absent.
    pub from: Option<Period>,
    /// Last period; the last one with values when absent.
    pub to: Option<Period>,
    /// The borders, the same at both ends.
    pub borders: Borders,
    /// Real prices.
    pub real: Option<PriceBasis>,
    /// How the change is taken apart.
    pub method: ChangeMethod,
    /// Which areas the values rest on.
    pub panel: ChangePanel,
    /// The year whose groups are used; that of the last period when absent.
    pub as_of_year: Option<i32>,
    /// Whether the contribution of every area is given.
    pub list: bool,
}

impl Default for ChangeOptions {
    fn default() -> Self {
        Self {
            by: COUNTRY.to_owned(),
            from: None,
            to: None,
            borders: Borders::default(),
            real: None,
            method: ChangeMethod::default(),
            panel: ChangePanel::default(),
            as_of_year: None,
            list: false,
        }
    }
}

impl ChangeOptions {
    /// Sets the two periods.
    #[must_use]
    pub fn between(mut self, from: impl Into<Period>, to: impl Into<Period>) -> Self {
        self.from = Some(from.into());
        self.to = Some(to.into());
        self
    }
}

impl From<&str> for ChangeOptions {
    fn from(by: &str) -> Self {
        Self {
            by: by.to_owned(),
            ..Self::default()
        }
    }
}
