//! The open site: a page for every area, group and indicator in three languages, as files that any server can hold, or none.
//!
//! `facts` asks the release once what all pages share, `maker` turns each page's facts into its three languages (`pages` has
//! one file for each sort of page), `address` knows where pages stand, and `folder` writes what has changed. Pages are made
//! by several threads, and each writes its own as it makes them, so that memory does not grow with the site.
//!
//! Only the search runs a script: everything else is read without one. The pages use nothing that is not in the folder, also
//! when they are opened from a disk.

mod address;
mod facts;
mod folder;
mod frame;
mod maker;
mod options;
mod pages;
mod search;
mod sitemap;
mod work;

pub use options::{SiteOptions, SiteWritten};

use crate::compare::Progress;
use crate::error::Result;
use crate::language::{Language, Message};
use crate::release::Release;
use folder::{Folder, Manifest, hex};
use maker::Maker;
use std::collections::BTreeMap;
use std::path::Path;

impl Release {
    /// Writes the open site of the release into a folder: areas, groups, indicators, comparisons, catalogue, release notes,
    /// method and downloads in Finnish, Swedish and English, with a search that needs no server.
    ///
    /// Figures are answers of [`Release::report`], [`Release::rank`], [`Release::groups`], [`Release::trend`] and
    /// [`Release::describe`]; nothing is computed here. The same release, options and templates give the same bytes, however
    /// many threads work. A folder that holds a site made before keeps the files that are as they should be; files that
    /// are no longer part of it are removed, and files that Kultti did not write are left alone. Where the same version of
    /// Kultti made the whole site from the same release, options and templates, and every file still has the hash that it was
    /// written with, nothing is made again. `progress` hears how many pages are done, and of how many.
    ///
    /// # Missing values
    /// A figure that is missing stands on the pages with its reason. An area without any figures has a page that says so, an
    /// indicator without figures has one with its definition, and an area that has ended has one that leads to its
    /// successor. A country without a usual grouping has no pages of groups.
    ///
    /// # Errors
    /// [`crate::Error::SiteFolder`] for a folder with other things in it, [`crate::Error::SiteManifest`] for one whose list of
    /// files is damaged; [`crate::Error::UnknownArea`]; [`crate::Error::TemplateFailed`]; [`crate::Error::Io`]; those of
    /// `progress`, which end the work: every file is then whole, and the next run goes on from there.
    ///
    /// ```
    /// use kultti_core::release::Release;
    /// use kultti_core::report::SiteOptions;
    /// let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE)?;
    /// let options = SiteOptions { dry_run: true, ..SiteOptions::default().with_areas(["Kokkola"]) };
    /// let folder = tempfile::tempdir().unwrap();
    /// let mut pages = 0;
    /// release.write_site(folder.path(), &options, &mut |_, of| { pages = of; Ok(()) })?;
    /// assert!(pages > 50);
    /// # Ok::<(), kultti_core::Error>(())
    /// ```
    pub fn write_site(
        &self,
        folder: impl AsRef<Path>,
        options: &SiteOptions,
        progress: &mut Progress,
    ) -> Result<SiteWritten> {
        let folder = Folder::open(folder.as_ref(), options.dry_run)?;
        let maker = Maker::new(self, options)?;
        let manifest = manifest(self, options)?;
        let written = match folder.current(&manifest) {
            Some(written) => {
                let of = maker.pages.len();
                progress(of, of)?;
                written
            }
            None => {
                folder.begin(manifest.clone(), maker.files())?;
                work::run(&maker, &folder, options.threads, progress)?;
                folder.finish(manifest)?
            }
        };
        Ok(SiteWritten {
            pages: maker.pages.len() * Language::ALL.len(),
            remarks: remarks(options),
            ..written
        })
    }
}

/// What the site is made of.
fn manifest(release: &Release, options: &SiteOptions) -> Result<Manifest> {
    let since = options.since.as_ref().map(|before| before.id().to_owned());
    let chosen = [
        (
            "areas",
            Some(options.areas.join(",")).filter(|areas| !areas.is_empty()),
        ),
        ("since", since),
        ("url", options.url.clone()),
        ("contact", options.contact.clone()),
    ];
    let chosen = chosen
        .into_iter()
        .filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Ok(Manifest {
        kultti: env!("CARGO_PKG_VERSION").to_owned(),
        release: release.id().to_owned(),
        options: chosen.collect(),
        templates: hex(options.templates.whole()?.as_bytes()),
        complete: false,
        files: BTreeMap::new(),
    })
}

/// What was left out for want of an option.
fn remarks(options: &SiteOptions) -> Vec<Message> {
    let lacks = [
        (options.contact.is_none(), "site.warn-no-contact"),
        (options.url.is_none(), "site.warn-no-url"),
    ];
    let lacks = lacks.into_iter().filter(|(lacks, _)| *lacks);
    lacks.map(|(_, code)| Message::new(code)).collect()
}
