//! What may be chosen when similar municipalities are looked for.

use crate::model::Period;
use crate::panel::Borders;

/// Options of [`crate::release::Release::peers`]; an area's name or code alone is enough.
///
/// ```
/// use kultti_core::compare::PeersOptions;
/// let options = PeersOptions::from("Kokkola").with_indicator("library.loans_per_inhabitant").with_k(5);
/// assert_eq!(options.k, Some(5));
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PeersOptions {
    /// Name or code of the area.
    pub area: String,
    /// An indicator whose figures are shown beside the peers, and whose usual model is used.
    pub indicator: Option<String>,
    /// A model of the catalogue, or a file that ends in `.toml`; the usual one when absent.
    pub model: Option<String>,
    /// Indicators to be alike in instead of a model, each with its weight after a colon: `population.total:2`.
    pub variables: Vec<String>,
    /// Those of `variables` whose logarithm is taken.
    pub log: Vec<String>,
    /// Where to look: a group (`region:16`), or a grouping for the area's own group; the whole country when absent.
    pub candidates: Option<String>,
    /// How many peers; as many as the model says when absent.
    pub k: Option<usize>,
    /// The largest distance of a peer; any when absent.
    pub max_distance: Option<f64>,
    /// The period; that of the indicator, or of each variable the last one with values, when absent.
    pub period: Option<Period>,
    /// The borders.
    pub borders: Borders,
    /// The year whose groups are used; that of the period when absent.
    pub as_of_year: Option<i32>,
}

impl PeersOptions {
    /// The question behind the word `similar[:k][@model]`, where groups to compare with are named; `None` where another group
    /// is meant.
    ///
    /// # Errors
    /// [`crate::Error::InvalidArgument`] for a number of peers that is none, or an empty model.
    ///
    /// ```
    /// use kultti_core::compare::PeersOptions;
    /// assert_eq!(PeersOptions::similar("similar:5", "Kokkola").unwrap()?.k, Some(5));
    /// assert!(PeersOptions::similar("region", "Kokkola").is_none());
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn similar(token: &str, area: &str) -> Option<crate::Result<Self>> {
        super::group::Similar::parse(token).map(|similar| similar.map(|similar| similar.question(area)))
    }

    /// Sets the indicator.
    #[must_use]
    pub fn with_indicator(mut self, indicator: impl Into<String>) -> Self {
        self.indicator = Some(indicator.into());
        self
    }

    /// Sets the model.
    #[must_use]
    pub fn with_model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    /// Sets variables of one's own.
    #[must_use]
    pub fn with_variables<S: Into<String>>(mut self, variables: impl IntoIterator<Item = S>) -> Self {
        self.variables = variables.into_iter().map(Into::into).collect();
        self
    }

    /// Sets how many peers.
    #[must_use]
    pub fn with_k(mut self, k: usize) -> Self {
        self.k = Some(k);
        self
    }

    /// Sets the period.
    #[must_use]
    pub fn with_period(mut self, period: impl Into<Period>) -> Self {
        self.period = Some(period.into());
        self
    }

    /// Sets the borders.
    #[must_use]
    pub fn with_borders(mut self, borders: impl Into<Borders>) -> Self {
        self.borders = borders.into();
        self
    }
}

impl From<&str> for PeersOptions {
    fn from(area: &str) -> Self {
        Self {
            area: area.to_owned(),
            ..Self::default()
        }
    }
}
