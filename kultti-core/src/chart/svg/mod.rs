//! A chart as SVG: one static picture without script, the same bytes for the same chart.

mod bands;
mod bars;
mod canvas;
mod frame;
mod heap;
mod lines;
mod order;
mod panels;
mod places;
mod slope;

use super::model::{Chart, ChartKind};
use canvas::{Canvas, FONT, escaped, short};

/// Rows that are still named one by one in a ranking.
const NAMED_ROWS: usize = 40;

/// The narrowest picture: below this its words have no room.
const NARROWEST: f64 = 280.0;

impl Chart {
    /// The chart as SVG, laid out for a width in CSS pixels (280 at least). It shrinks with its place, so a page for phones
    /// takes one of 360 beside one of 720.
    ///
    /// The picture is an image to assistive technology, named by its title and description; its figures are in
    /// [`Chart::table`]. Estimated and provisional values are hollow, missing ones are named with their reason.
    ///
    /// ```
    /// use kultti_core::chart::{ChartOptions, Drawn};
    /// use kultti_core::language::Language;
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let comparison = release.compare("library.net_operating_cost_per_inhabitant", "Kokkola")?;
    /// let svg = comparison.chart(&ChartOptions::default(), Language::Sv)?.to_svg(360.0);
    /// assert!(svg.contains("Karleby") && !svg.contains("<script"));
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn to_svg(&self, width: f64) -> String {
        let (wide, high, body) = self.drawn(width, false);
        let id = self.id();
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" width=\"{wide}\" height=\"{high}\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-desc\" lang=\"{language}\" font-family=\"{font}\" \
             stroke-linejoin=\"round\" style=\"max-width:100%;height:auto\">\n<title id=\"{id}-title\">{title}</title>\n<desc id=\"{id}-desc\">{desc}</desc>\n\
             <rect width=\"100%\" height=\"100%\" fill=\"{ground}\"/>\n{body}</svg>\n",
            language = self.language.code(),
            font = escaped(FONT),
            title = escaped(&self.title),
            desc = escaped(&self.description),
            ground = super::palette::GROUND,
        )
    }

    /// The picture alone, for a page that says its title, its sentence and its sources beside it and holds its figures as a
    /// table: hidden from assistive technology, and without words on every dot.
    ///
    /// ```
    /// use kultti_core::chart::{ChartOptions, Drawn};
    /// use kultti_core::language::Language;
    /// use kultti_core::release::Release;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let comparison = release.compare("library.net_operating_cost_per_inhabitant", "Kokkola")?;
    /// let chart = comparison.chart(&ChartOptions::default(), Language::En)?;
    /// let picture = chart.to_svg_within(720.0);
    /// assert!(picture.contains("aria-hidden=\"true\"") && !picture.contains(&chart.title));
    /// assert!(picture.len() < chart.to_svg(720.0).len() / 3);
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn to_svg_within(&self, width: f64) -> String {
        let bare = Self {
            title: String::new(),
            description: String::new(),
            source: Vec::new(),
            ..self.clone()
        };
        let (wide, high, body) = bare.drawn(width, true);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {high}\" width=\"{wide}\" height=\"{high}\" \
             aria-hidden=\"true\" focusable=\"false\" stroke-linejoin=\"round\" font-family=\"{font}\">\n\
             <rect width=\"100%\" height=\"100%\" fill=\"{ground}\"/>\n{body}</svg>\n",
            font = escaped(FONT),
            ground = super::palette::GROUND,
        )
    }

    /// Width, height and what is drawn.
    fn drawn(&self, width: f64, within: bool) -> (String, String, String) {
        let width = if width.is_finite() {
            width.max(NARROWEST)
        } else {
            720.0
        };
        let mut canvas = Canvas {
            within,
            ..Canvas::default()
        };
        let top = frame::head(&mut canvas, self, width);
        let bottom = match self.kind {
            ChartKind::Distribution => heap::draw(&mut canvas, self, (width, top)),
            ChartKind::Rank if self.rows.len() > NAMED_ROWS => order::draw(&mut canvas, self, (width, top)),
            ChartKind::Peers | ChartKind::Groups | ChartKind::Rank | ChartKind::Change => {
                places::draw(&mut canvas, self, (width, top))
            }
            ChartKind::Composition => bars::draw(&mut canvas, self, (width, top)),
            ChartKind::Slope => slope::draw(&mut canvas, self, (width, top)),
            ChartKind::Multiples => panels::draw(&mut canvas, self, (width, top)),
            ChartKind::Trend => lines::draw(&mut canvas, self, (width, top)),
        };
        let height = frame::foot(&mut canvas, self, (width, bottom));
        (short(width), short(height), canvas.body)
    }

    /// A name for the chart's title and description on a page with others: a hash (FNV-1a) of what it says.
    fn id(&self) -> String {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        let said = [
            self.kind.name(),
            self.language.code(),
            &self.title,
            &self.description,
        ];
        for byte in said.iter().flat_map(|text| text.bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        format!("kultti-{hash:016x}")
    }
}
