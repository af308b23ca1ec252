//! Pages as HTML, by templates: those in the program, or those of a folder that stand in their place.

use super::facts::Report;
use super::page::{Download, Page, Part, Section};
use crate::error::{Error, Result};
use crate::export::{ResultFormat, write_result};
use crate::formats::{Format, Target};
use crate::language::{Language, Message, format_number, word};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, ErrorKind, Value, context};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The templates in the program, by name.
const EMBEDDED: [(&str, &str); 11] = [
    ("layout.html", include_str!("../../templates/layout.html")),
    ("report.html", include_str!("../../templates/report.html")),
    ("parts.html", include_str!("../../templates/parts.html")),
    ("style.css", include_str!("../../templates/style.css")),
    (
        "site-layout.html",
        include_str!("../../templates/site-layout.html"),
    ),
    ("site-page.html", include_str!("../../templates/site-page.html")),
    ("site-home.html", include_str!("../../templates/site-home.html")),
    (
        "site-languages.html",
        include_str!("../../templates/site-languages.html"),
    ),
    ("site-404.html", include_str!("../../templates/site-404.html")),
    ("site.css", include_str!("../../templates/site.css")),
    ("site.js", include_str!("../../templates/site.js")),
];

/// Where templates come from: the program, and before it a folder, if one is given. A folder holds the files that it does
/// otherwise, under the same names; `style.css` alone gives a municipality its own look.
///
/// A template gets `page` (a [`Page`]), `downloads`, `word(code)` for every text of Kultti in the language of the page, and
/// all that minijinja has. What it writes is escaped unless the template itself says `safe`.
#[derive(Debug, Clone, Default)]
pub struct Templates {
    folder: Option<PathBuf>,
}

impl Templates {
    /// Templates of a folder before those of the program.
    ///
    /// # Errors
    /// [`Error::Io`] for a folder that is not there; [`Error::UnknownTemplate`] for one that holds none of the names.
    ///
    /// ```
    /// use kultti_core::language::Language;
    /// use kultti_core::release::Release;
    /// use kultti_core::report::Templates;
    /// let folder = tempfile::tempdir().unwrap();
    /// std::fs::write(folder.path().join("style.css"), "body { font-family: serif }").unwrap();
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let html = release.report("Kokkola")?.to_html(&Templates::in_folder(folder.path())?, Language::En)?;
    /// assert!(html.contains("<style>body { font-family: serif }"));
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn in_folder(folder: impl AsRef<Path>) -> Result<Self> {
        let folder = folder.as_ref();
        let named = |cause: &std::io::Error| Error::io(folder.display().to_string(), cause);
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).map_err(|cause| named(&cause))? {
            found.push(entry.map_err(|cause| named(&cause))?.file_name());
        }
        if !EMBEDDED
            .iter()
            .any(|(name, _)| found.iter().any(|file| file == name))
        {
            let files = found.iter().map(|file| file.to_string_lossy().into_owned());
            return Err(Error::UnknownTemplate {
                folder: folder.display().to_string(),
                found: files.collect(),
                known: EMBEDDED.map(|(name, _)| name.to_owned()).to_vec(),
            });
        }
        Ok(Self {
            folder: Some(folder.to_owned()),
        })
    }

    /// The names that a folder may hold.
    pub fn names() -> impl Iterator<Item = &'static str> {
        EMBEDDED.iter().map(|(name, _)| *name)
    }

    /// The text of a template in the program, to begin one's own with.
    pub fn text(name: &str) -> Option<&'static str> {
        let found = EMBEDDED.iter().find(|(known, _)| *known == name);
        found.map(|(_, text)| *text)
    }

    /// A file that is written as it is, such as a style sheet.
    ///
    /// # Errors
    /// [`Error::Io`] where the folder has one that cannot be read.
    pub(super) fn plain(&self, name: &str) -> Result<String> {
        let own = self.folder.as_ref().map(|folder| folder.join(name));
        match own.filter(|path| path.is_file()) {
            Some(path) => {
                std::fs::read_to_string(&path).map_err(|cause| Error::io(path.display().to_string(), &cause))
            }
            None => Ok(Self::text(name).unwrap_or_default().to_owned()),
        }
    }

    /// All templates, those of the folder in their places.
    ///
    /// # Errors
    /// As [`Self::plain`].
    pub(super) fn whole(&self) -> Result<String> {
        let text = |name: &str| Ok(format!("{name}\n{}\n", self.plain(name)?));
        Self::names().map(text).collect()
    }

    /// What renders in one language.
    pub(super) fn environment(&self, language: Language) -> Environment<'static> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|name| match name.ends_with(".html") {
            true => AutoEscape::Html,
            false => AutoEscape::None,
        });
        // A tag on a line of its own leaves no line behind.
        let syntax = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build();
        if let Ok(syntax) = syntax {
            environment.set_syntax(syntax);
        }
        let folder = self.folder.clone().map(Arc::new);
        environment.set_loader(move |name| {
            let own = folder.as_ref().map(|folder| folder.join(name));
            if let Some(path) = own.filter(|path| path.is_file()) {
                let text = std::fs::read_to_string(&path);
                return text.map(Some).map_err(|cause| {
                    let what = format!("{}: {cause}", path.display());
                    minijinja::Error::new(ErrorKind::BadInclude, what)
                });
            }
            Ok(Self::text(name).map(str::to_owned))
        });
        environment.add_function("word", move |code: &str| {
            let text = word(code, language);
            if text == code {
                let what = format!("no text \"{code}\"");
                return Err(minijinja::Error::new(ErrorKind::InvalidOperation, what));
            }
            Ok(text.to_owned())
        });
        environment
    }

    /// Renders a template.
    ///
    /// # Errors
    /// [`Error::TemplateFailed`], with the file and line.
    pub(super) fn render(environment: &Environment, name: &str, value: Value) -> Result<String> {
        let failed = |cause: minijinja::Error| Error::TemplateFailed {
            template: cause.name().unwrap_or(name).to_owned(),
            line: cause.line().unwrap_or_default(),
            reason: cause.to_string(),
        };
        let template = environment.get_template(name).map_err(failed)?;
        template.render(value).map_err(failed)
    }
}

impl Report {
    /// The report as one file of HTML: nothing is fetched and nothing runs, so it can be mailed, printed and kept. The
    /// figures are in it as CSV, XLSX and JSON-stat.
    ///
    /// # Errors
    /// [`Error::TemplateFailed`] for a template of one's own that does not fit; those of the charts.
    pub fn to_html(&self, templates: &Templates, language: Language) -> Result<String> {
        let mut page = self.page(language)?;
        let files = self.downloads(&page, language)?;
        page.sections.push(Section {
            id: "downloads",
            heading: word("report.downloads", language).to_owned(),
            parts: vec![Part::Downloads { files }],
        });
        let environment = templates.environment(language);
        Templates::render(
            &environment,
            "report.html",
            context! { page => Value::from(Serde(page)) },
        )
    }

    /// The files in the page.
    fn downloads(&self, page: &Page, language: Language) -> Result<Vec<Download>> {
        let name = |ending: &str| format!("kultti-{}.{ending}", self.area.code);
        let mut files = Vec::new();
        let formats = [
            (
                "CSV",
                "csv",
                "text/csv;charset=utf-8",
                ResultFormat::Table(Format::Csv),
            ),
            (
                "JSON-stat",
                "json",
                "application/json",
                ResultFormat::Table(Format::JsonStat),
            ),
        ];
        for (label, ending, media, format) in formats {
            let name = name(ending);
            // A report without figures is no cube.
            if self.figures.is_empty() && label == "JSON-stat" {
                continue;
            }
            let mut bytes = Vec::new();
            let mut target = Target {
                name: &name,
                out: &mut bytes,
            };
            write_result(self, format, language, &mut target)?;
            files.push(embedded(name, label, media, &bytes, language));
        }
        let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        files.insert(
            1,
            embedded(name("xlsx"), "XLSX", media, &page.to_xlsx()?, language),
        );
        Ok(files)
    }
}

fn embedded(name: String, label: &str, media: &str, bytes: &[u8], language: Language) -> Download {
    Download {
        name,
        format: label.to_owned(),
        href: format!("data:{media};base64,{}", STANDARD.encode(bytes)),
        bytes: bytes.len(),
        size: size(bytes.len(), language),
    }
}

/// A size as people read it.
pub(super) fn size(bytes: usize, language: Language) -> String {
    #[expect(clippy::cast_precision_loss, reason = "sizes of files in a page")]
    let kilobytes = (bytes as f64 / 1000.0).max(1.0);
    let number = format_number(kilobytes.round(), 0, language);
    Message::new("report.kilobytes")
        .with("n", number)
        .render(language)
}
