//! A page as PDF: printed by the browser of the system, tagged for screen readers, with an outline.

use crate::error::{Error, Result};
use crate::language::Message;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// The variable that names the browser.
const VARIABLE: &str = "KULTTI_CHROMIUM";

/// Names of browsers on the path that print as Chromium does.
const NAMES: [&str; 6] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "microsoft-edge",
    "msedge",
];

/// Where macOS and Windows have them, which put none on the path.
#[cfg(target_os = "macos")]
const PLACES: [&str; 3] = [
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
];
#[cfg(windows)]
const PLACES: [&str; 4] = [
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
];
#[cfg(not(any(target_os = "macos", windows)))]
const PLACES: [&str; 0] = [];

/// How long a browser may take. A report is printed in two seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often it is looked whether the browser is done.
const STEP: Duration = Duration::from_millis(20);

/// How many characters of a browser's last words are told.
const LAST_WORDS: usize = 300;

/// What the browser is told besides the file: nothing of its own (no profile, no first steps, no head and foot), and no way to
/// a network: every name is unknown, and addresses lead to a door that is closed.
const SWITCHES: [&str; 12] = [
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
];

/// A page of HTML as PDF: tagged, with an outline of its headings, in the page's language.
///
/// The browser is the one that `KULTTI_CHROMIUM` names, else the first Chromium, Chrome or Edge of the system. It gets a folder
/// of its own that is removed afterwards, and no network.
///
/// # Errors
/// [`Error::NoBrowser`] when there is none; [`Error::BrowserFailed`] when it prints nothing, half a file, or takes longer than
/// a minute; [`Error::Io`] when there is no room for its folder.
///
/// ```no_run
/// use kultti_core::report::to_pdf;
/// let page = "<!DOCTYPE html><html lang=\"sv\"><title>Karleby</title><h1>Karleby</h1></html>";
/// let pdf = to_pdf(page)?;
/// assert!(pdf.starts_with(b"%PDF-"));
/// # Ok::<(), kultti_core::Error>(())
/// ```
pub fn to_pdf(html: &str) -> Result<Vec<u8>> {
    let browser = browser(std::env::var_os(VARIABLE), std::env::var_os("PATH"))?;
    printed(html, &browser, PATIENCE)
}

/// The browser: the one that is named, else the first on the path or in its usual place.
fn browser(named: Option<OsString>, folders: Option<OsString>) -> Result<PathBuf> {
    let named = named.filter(|named| !named.is_empty());
    let places: Vec<PathBuf> = match &named {
        Some(named) => vec![PathBuf::from(named)],
        None => {
            let folders = folders.unwrap_or_default();
            let folders: Vec<PathBuf> = std::env::split_paths(&folders).collect();
            let on_path = NAMES
                .iter()
                .flat_map(|name| folders.iter().map(move |folder| program(folder, name)));
            on_path.chain(PLACES.iter().map(PathBuf::from)).collect()
        }
    };
    let looked = || match &named {
        Some(named) => vec![format!("{VARIABLE}={}", named.display())],
        None => NAMES
            .iter()
            .chain(PLACES.iter())
            .map(ToString::to_string)
            .collect(),
    };
    let found = places.into_iter().find(|place| place.is_file());
    found.ok_or_else(|| Error::NoBrowser { looked: looked() })
}

fn program(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

/// What the browser prints, read back.
fn printed(html: &str, browser: &Path, patience: Duration) -> Result<Vec<u8>> {
    let io = |cause: &std::io::Error| Error::io(std::env::temp_dir().display().to_string(), cause);
    let folder = tempfile::Builder::new().prefix("kultti-print-").tempdir();
    let folder = folder.map_err(|cause| io(&cause))?;
    let [page, pdf, words] = ["page.html", "page.pdf", "words.txt"].map(|name| folder.path().join(name));
    fs::write(&page, html).map_err(|cause| io(&cause))?;
    // Into a file: a pipe that nobody reads would stop a browser with much to say.
    let said = File::create(&words).map_err(|cause| io(&cause))?;
    let failed = |reason: Message| Error::BrowserFailed {
        browser: browser.display().to_string(),
        reason,
    };
    let mut command = Command::new(browser);
    command
        .args(SWITCHES)
        .args(without_sandbox())
        .arg(switch("--user-data-dir=", folder.path()))
        .arg(switch("--print-to-pdf=", &pdf))
        .arg(&page)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(said);
    let ended = |cause: &str| Message::new("browser.ended").with("words", cause);
    let mut child = command
        .spawn()
        .map_err(|cause| failed(ended(&cause.to_string())))?;
    let status = waited(&mut child, patience).map_err(|cause| io(&cause))?;
    let last = || last_words(&fs::read(&words).unwrap_or_default());
    let Some(status) = status else {
        let slow = Message::new("browser.slow").with("seconds", patience.as_secs().to_string());
        return Err(failed(slow));
    };
    let bytes = fs::read(&pdf).unwrap_or_default();
    if !status.success() || bytes.is_empty() {
        return Err(failed(ended(&last())));
    }
    if !is_whole(&bytes) {
        return Err(failed(Message::new("browser.half")));
    }
    Ok(bytes)
}

/// How the browser ended; `None` when it was ended because it took too long.
fn waited(child: &mut Child, patience: Duration) -> std::io::Result<Option<ExitStatus>> {
    let mut left = patience;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if left.is_zero() {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        std::thread::sleep(STEP);
        left = left.saturating_sub(STEP);
    }
}

/// Chromium refuses its sandbox to root, and only then is it left out.
fn without_sandbox() -> Option<&'static str> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        // Who owns a process is who owns its entry here; without unsafe code nothing else says it.
        let root = fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
        root.then_some("--no-sandbox")
    }
    #[cfg(not(unix))]
    None
}

fn switch(name: &str, value: &Path) -> OsString {
    let mut switch = OsString::from(name);
    switch.push(OsStr::new(value));
    switch
}

/// Whether a PDF has its first and its last line (ISO 32000-2, 7.5).
fn is_whole(bytes: &[u8]) -> bool {
    let end = &bytes[bytes.len().saturating_sub(1024)..];
    bytes.starts_with(b"%PDF-") && end.windows(5).any(|window| window == b"%%EOF")
}

/// The end of what a browser said, without what it says of a desktop that is not there.
fn last_words(said: &[u8]) -> String {
    let said = String::from_utf8_lossy(said);
    let lines = said
        .lines()
        .filter(|line| !line.contains("dbus") && !line.trim().is_empty());
    let all = lines.collect::<Vec<_>>().join(" ");
    let shown: Vec<char> = all.chars().filter(|symbol| !symbol.is_control()).collect();
    shown[shown.len().saturating_sub(LAST_WORDS)..].iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_whole_with_its_first_and_last_line() {
        assert!(is_whole(b"%PDF-1.4\n1 0 obj\nendobj\n%%EOF\n"));
        assert!(!is_whole(b"%PDF-1.4\n1 0 obj\nendobj\n"));
        assert!(!is_whole(b"%%EOF"));
        assert!(!is_whole(b""));
    }

    #[test]
    fn last_words_are_the_end_on_one_line() {
        assert_eq!(
            last_words(b"a\n[1:ERROR:dbus/bus.cc] no bus\n\x1b[1mb\n"),
            "a [1mb"
        );
        assert_eq!(last_words("ä".repeat(400).as_bytes()).chars().count(), 300);
    }

    #[test]
    fn a_browser_that_is_named_is_the_only_one_looked_for() {
        let folder = tempfile::tempdir().expect("a folder");
        let chromium = program(folder.path(), "chromium");
        fs::write(&chromium, "").expect("written");
        let folders = || Some(folder.path().as_os_str().to_owned());
        assert_eq!(browser(None, folders()), Ok(chromium.clone()));
        assert_eq!(browser(Some(OsString::new()), folders()), Ok(chromium));
        let error = browser(Some("/nowhere/chrome".into()), folders()).expect_err("it is not there");
        let Error::NoBrowser { looked, .. } = &error else {
            panic!("{error}");
        };
        assert_eq!(looked, &["KULTTI_CHROMIUM=/nowhere/chrome"]);
    }

    /// A browser of a few lines of shell, and what printing with it gives.
    #[cfg(unix)]
    fn with_script(body: &str) -> Result<Vec<u8>> {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let script = folder.path().join("browser");
        let parse = "for word; do case $word in --print-to-pdf=*) out=${word#*=};; esac; done";
        fs::write(&script, format!("#!/bin/sh\n{parse}\n{body}\n")).expect("written");
        fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).expect("executable");
        printed("<p>page</p>", &script, Duration::from_millis(1500))
    }

    #[cfg(unix)]
    #[test]
    fn what_a_browser_prints_is_taken_only_whole() {
        let whole = with_script("printf '%%PDF-1.4\\n%%%%EOF\\n' > \"$out\"; echo noise >&2");
        assert_eq!(whole, Ok(b"%PDF-1.4\n%%EOF\n".to_vec()));
        let refused = |body| with_script(body).expect_err(body);
        let failed = refused("echo no display >&2; exit 3");
        assert_eq!(failed.code(), "K0943");
        assert!(failed.to_string().contains("no display"), "{failed}");
        let half = refused("printf '%%PDF-1.4\\nhalf' > \"$out\"");
        assert!(half.to_string().contains("half"), "{half}");
        let failed = refused("printf '%%PDF-1.4\\n%%%%EOF\\n' > \"$out\"; exit 1");
        assert_eq!(failed.code(), "K0943");
        assert_eq!(refused("exit 0").code(), "K0943", "nothing printed");
        let slow = refused("exec sleep 60");
        assert!(slow.to_string().contains("1 s"), "{slow}");
        let much =
            refused("i=0; while [ $i -lt 20000 ]; do echo 'a line of many' >&2; i=$((i+1)); done; exit 1");
        assert!(much.to_string().contains("a line of many"), "{much}");
    }

    #[cfg(unix)]
    #[test]
    fn a_browser_that_cannot_be_started_is_an_error() {
        let error = printed("", Path::new("/dev/null"), Duration::from_secs(1));
        assert_eq!(error.expect_err("no program").code(), "K0943");
    }
}
