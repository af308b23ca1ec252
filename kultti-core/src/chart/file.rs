//! A chart as a file, in the format that the ending of its name says.

use super::model::Chart;
use crate::error::{Error, Result};
use crate::release::WholeFile;
use std::io::Write;
use std::path::Path;

/// The width of a chart in a file, in CSS pixels.
const WIDTH: f64 = 720.0;

/// A format of charts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartFormat {
    /// SVG.
    Svg,
    /// PNG, two pixels for one of the page, drawn with the fonts of this machine.
    Png,
    /// Vega-Lite, as JSON.
    VegaLite,
}

impl ChartFormat {
    /// The format that the ending of a name asks for: `.svg`, `.png`, or `.vl.json` for Vega-Lite; `None` for any other, such as the
    /// `.json` of a result.
    ///
    /// ```
    /// use kultti_core::chart::ChartFormat;
    /// assert_eq!(ChartFormat::of("ranks.SVG".as_ref()), Some(ChartFormat::Svg));
    /// assert_eq!(ChartFormat::of("ranks.json".as_ref()), None);
    /// ```
    pub fn of(path: &Path) -> Option<Self> {
        let name = path.display().to_string().to_lowercase();
        [
            (".svg", Self::Svg),
            (".png", Self::Png),
            (".vl.json", Self::VegaLite),
        ]
        .into_iter()
        .find(|(ending, _)| name.ends_with(ending))
        .map(|(_, format)| format)
    }

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Png => "png",
            Self::VegaLite => "vega-lite",
        }
    }
}

/// The verbs whose results can be drawn.
const DRAWN: [&str; 7] = [
    "compare",
    "rank",
    "trend",
    "peers",
    "groups",
    "change",
    "composition",
];

/// The error for a result that has no chart and was to be written as one.
pub fn without_chart(path: &Path) -> Error {
    Error::ResultWithoutChart {
        path: path.display().to_string(),
        known: DRAWN.map(str::to_owned).to_vec(),
    }
}

/// Writes a chart to a file, whole or not at all.
///
/// # Errors
/// [`Error::Io`] when the file cannot be written; what stood under its name stays. [`Error::NoFont`] when a PNG was asked for
/// and no font of this machine has its letters, [`Error::WithoutPng`] when this build has no PNG.
///
/// ```
/// use kultti_core::chart::{ChartFormat, ChartOptions, Drawn, write_chart_file};
/// use kultti_core::language::Language;
/// use kultti_core::release::Release;
/// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
/// let groups = release.groups("library.loans_per_inhabitant", "region")?;
/// let chart = groups.chart(&ChartOptions::default(), Language::En)?;
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("groups.svg");
/// write_chart_file(&chart, ChartFormat::Svg, &path)?;
/// assert!(std::fs::read_to_string(&path).unwrap().starts_with("<svg "));
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub fn write_chart_file(chart: &Chart, format: ChartFormat, path: &Path) -> Result<()> {
    let bytes = match format {
        ChartFormat::Svg => chart.to_svg(WIDTH).into_bytes(),
        ChartFormat::Png => png(chart, path)?,
        ChartFormat::VegaLite => format!("{:#}\n", chart.to_vega_lite()).into_bytes(),
    };
    write_whole(path, &bytes)
}

#[cfg(feature = "png")]
fn png(chart: &Chart, path: &Path) -> Result<Vec<u8>> {
    super::png::png(&chart.to_svg(WIDTH), path)
}

#[cfg(not(feature = "png"))]
fn png(_: &Chart, path: &Path) -> Result<Vec<u8>> {
    Err(Error::WithoutPng {
        path: path.display().to_string(),
    })
}

/// Writes a picture that another program made, whole or not at all.
///
/// # Errors
/// As [`write_chart_file`].
///
/// ```
/// use kultti_core::chart::write_whole;
/// let folder = tempfile::tempdir().unwrap();
/// let path = folder.path().join("chart.png");
/// write_whole(&path, b"picture")?;
/// assert_eq!(std::fs::read(&path).unwrap(), b"picture");
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = WholeFile::create(path)?;
    let written = file.write_all(bytes);
    written.map_err(|cause| Error::io(path.display().to_string(), &cause))?;
    file.commit()?;
    Ok(())
}
