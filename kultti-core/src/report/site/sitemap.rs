//! What search engines read: every page in every language, and that they may read all.

use super::maker::PageFile;
use crate::language::Language;

/// The sitemap. Addresses hold nothing that XML would read otherwise: neither the site's nor the names of files have such signs.
pub(super) fn sitemap(url: &str, pages: &[PageFile]) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" \
         xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n",
    );
    for page in pages {
        for language in Language::ALL {
            let at = |language: Language| format!("{url}/{}/{}", language.code(), page.file);
            xml.push_str(&format!("<url><loc>{}</loc>", at(language)));
            for other in Language::ALL {
                xml.push_str(&format!(
                    "<xhtml:link rel=\"alternate\" hreflang=\"{}\" href=\"{}\"/>",
                    other.code(),
                    at(other)
                ));
            }
            xml.push_str("</url>\n");
        }
    }
    xml.push_str("</urlset>\n");
    xml
}

/// Everyone may read everything.
pub(super) fn robots(url: Option<&str>) -> String {
    let mut text = String::from("User-agent: *\nAllow: /\n");
    if let Some(url) = url {
        text.push_str(&format!("Sitemap: {url}/sitemap.xml\n"));
    }
    text
}
