//! `site`: the open site of a release, as a folder.

use crate::args::Common;
use crate::interrupt;
use crate::output::{Failure, Output};
use crate::progress::Bar;
use crate::verbs::open;
use clap::Args;
use kultti_core::Error;
use kultti_core::language::Message;
use kultti_core::report::{SiteOptions, Templates};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

/// Options of `site`.
#[derive(Debug, Args)]
pub(crate) struct Site {
    /// Release file, as --release [default: the example release in the program]
    #[arg(value_name = "RELEASE", conflicts_with = "release")]
    file: Option<PathBuf>,
    /// The release before this one: the page about the release then says what has changed
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// Where the site will stand, such as https://example.org/culture; needed for sitemap.xml
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Where readers can say that something is not accessible to them: the accessibility statement must tell it
    #[arg(long, value_name = "ADDRESS")]
    contact: Option<String>,
    /// Areas that get a page [default: all]
    #[arg(long, value_delimiter = ',', value_name = "AREAS")]
    areas: Vec<String>,
    /// A folder with templates of your own, such as a site.css
    #[arg(long, value_name = "FOLDER", env = "KULTTI_TEMPLATES")]
    templates: Option<PathBuf>,
    /// Threads that work; the site does not depend on it [default: as many as the machine has]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Say what would be written and removed, and leave everything as it is
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(asked: &Site, common: &Common, output: &Output) -> Result<(), Failure> {
    let Some(folder) = common.output.as_deref() else {
        return Err(Failure::Kultti(Error::InvalidArgument {
            name: "output".into(),
            expected: "a folder: kultti site -o public/".into(),
            found: "–".into(),
        }));
    };
    let options = options(asked)?;
    let release = open(asked.file.as_deref().or(common.release.as_deref()))?;
    interrupt::listen(true);
    let bar = Bar::new();
    let written = release.write_site(folder, &options, &mut |done, of| bar.at(done, of))?;
    drop(bar);
    if asked.dry_run {
        let files = [
            ("site.would-write", &written.written),
            ("site.would-remove", &written.removed),
        ];
        for (code, files) in files {
            for file in files {
                output.message(&Message::new(code).with("file", file), release.id())?;
            }
        }
    }
    for remark in &written.remarks {
        output.remark(&remark.render(output.language()));
    }
    #[expect(clippy::cast_precision_loss, reason = "the size of a site")]
    let megabytes = written.bytes as f64 / 1e6;
    let message = Message::new("site.written")
        .with("folder", folder.display().to_string())
        .with("pages", written.pages)
        .with("written", written.written.len())
        .with("unchanged", written.unchanged)
        .with("removed", written.removed.len())
        .with("bytes", kultti_core::language::Param::Number(megabytes, 1));
    output.message(&message, release.id())
}

fn options(asked: &Site) -> Result<SiteOptions, Error> {
    let mut options = SiteOptions {
        areas: asked.areas.clone(),
        contact: asked.contact.clone(),
        threads: asked.threads.map(NonZeroUsize::get),
        dry_run: asked.dry_run,
        ..SiteOptions::default()
    };
    if let Some(folder) = &asked.templates {
        options.templates = Templates::in_folder(folder)?;
    }
    if let Some(url) = &asked.url {
        options = options.with_url(url)?;
    }
    if let Some(file) = &asked.since {
        options = options.with_since(Arc::new(open(Some(file))?));
    }
    Ok(options)
}
