//! What may be chosen for a site, and what came of it.

use crate::error::{Error, Result};
use crate::language::Message;
use crate::release::Release;
use crate::report::Templates;
use std::sync::Arc;

/// Options of [`crate::release::Release::write_site`]; everything has a default.
///
/// ```
/// use kultti_core::report::SiteOptions;
/// let options = SiteOptions::default().with_url("https://example.org/kultti/")?.with_threads(2);
/// assert_eq!(options.url.as_deref(), Some("https://example.org/kultti"));
/// assert!(SiteOptions::default().with_url("example.org").is_err());
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct SiteOptions {
    /// Names or codes of the areas that get a page; all when empty.
    pub areas: Vec<String>,
    /// The templates.
    pub templates: Templates,
    /// The release before this one: the page about the release then says what has changed.
    pub since: Option<Arc<Release>>,
    /// Where the site will stand, without a slash at the end; without it no sitemap can be made.
    pub url: Option<String>,
    /// Where readers can say that something is not accessible to them.
    pub contact: Option<String>,
    /// How many threads work; as many as the machine has when absent. The site does not depend on it.
    pub threads: Option<usize>,
    /// Whether it is only said what would be written.
    pub dry_run: bool,
}

impl SiteOptions {
    /// Sets the areas that get a page.
    #[must_use]
    pub fn with_areas<S: Into<String>>(mut self, areas: impl IntoIterator<Item = S>) -> Self {
        self.areas = areas.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the address.
    ///
    /// # Errors
    /// [`Error::SiteAddress`] for one that does not begin with `https://` or `http://`, or is no plain address.
    pub fn with_url(mut self, url: &str) -> Result<Self> {
        let rest = url
            .strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"));
        let plain = |rest: &&str| {
            let odd =
                |symbol: char| symbol.is_whitespace() || symbol.is_control() || "?#\"<>'&".contains(symbol);
            !rest.starts_with('/') && !rest.is_empty() && !rest.contains(odd)
        };
        if rest.filter(plain).is_none() {
            return Err(Error::SiteAddress { url: url.to_owned() });
        }
        self.url = Some(url.trim_end_matches('/').to_owned());
        Ok(self)
    }

    /// Sets the feedback address.
    #[must_use]
    pub fn with_contact(mut self, contact: impl Into<String>) -> Self {
        self.contact = Some(contact.into());
        self
    }

    /// Sets the number of threads.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Sets the release before this one.
    #[must_use]
    pub fn with_since(mut self, release: Arc<Release>) -> Self {
        self.since = Some(release);
        self
    }
}

/// What came of writing a site.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SiteWritten {
    /// Pages of the site, in all languages.
    pub pages: usize,
    /// Bytes of all files.
    pub bytes: u64,
    /// Files that were written, because they are new or have changed, by name.
    pub written: Vec<String>,
    /// Files that a site made before had and this one has not, by name.
    pub removed: Vec<String>,
    /// Files that were already as they should be.
    pub unchanged: usize,
    /// What the site lacks, and what to do about it.
    pub remarks: Vec<Message>,
}
