//! Charts: a result as a picture that says what it shows, for a page, a notebook or a file.
//!
//! A [`Chart`] is data without pixels: a title, one sentence, rows of figures, each with what it is, its status or why it is
//! missing. It is drawn as SVG ([`Chart::to_svg`]) or written as Vega-Lite ([`Chart::to_vega_lite`]), and its figures are a
//! table ([`Chart::table`]), so that nothing is told by the picture alone. Nothing here computes a figure.
//!
//! The SVG is our own, because `charts-rs` 2.3 computes in `f32`, writes numbers one way for all languages and gives a picture
//! neither title nor description; distributions of dots, labels beside their marks and lines that stop at a break it has not.
//! A picture has a white ground of its own, also on a dark page: so the contrasts of the palette, which a test computes, hold
//! wherever it is shown.
//!
//! ```
//! use kultti_core::chart::{ChartOptions, Drawn};
//! use kultti_core::language::Language;
//! use kultti_core::release::Release;
//! let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
//! let trend = release.trend("library.net_operating_cost_per_inhabitant", "Kokkola")?;
//! let chart = trend.chart(&ChartOptions::default(), Language::En)?;
//! assert!(chart.description.starts_with("Kokkola 2015: "));
//! assert!(chart.to_svg(720.0).starts_with("<svg "));
//! # Ok::<(), kultti_core::Error>(())
//! ```

mod bands;
mod change;
mod comparison;
mod composition;
mod file;
mod groups;
mod layout;
mod model;
mod multiples;
mod palette;
mod peers;
#[cfg(feature = "png")]
mod png;
mod rank;
mod scale;
mod slope;
mod svg;
mod swarm;
mod trend;
mod vega;
mod words;

pub use file::{ChartFormat, without_chart, write_chart_file, write_whole};
pub use model::{
    Axis, BandKey, Chart, ChartKind, ChartOptions, ChartTable, Drawn, Mark, Role, Row, Turn, TurnKind, Zone,
};
