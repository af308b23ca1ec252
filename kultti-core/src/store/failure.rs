//! What a store says went wrong, as errors of ours: which setting to look at, and never a secret.
//!
//! Servers answer with XML that holds a code, a sentence, and much that is nobody's business: the id of the key, what was
//! signed. Only code and sentence are passed on.

use super::address::{Address, Service};
use super::connection::endpoint;
use crate::error::Error;
use object_store::Error as StoreError;
use object_store::client::{HttpError, HttpErrorKind};
use std::error::Error as StdError;

/// No sentence of a server is longer.
const MOST_LETTERS: usize = 200;

/// What a failed request of the store at an address means; [`Error::NoSuchObject`] where there is nothing.
pub(super) fn failed(address: &Address, error: &StoreError) -> Error {
    let known = meaning(address, error);
    known.unwrap_or_else(|| match error {
        StoreError::NotFound { .. } => Error::NoSuchObject {
            address: address.to_string(),
            near: Vec::new(),
        },
        other => Error::StoreFailed {
            address: address.to_string(),
            said: Answer::of(other).told().unwrap_or_else(|| root(other)),
        },
    })
}

/// What an error means for somebody who named an address, if it is the store's: wrong credentials, a server that is not
/// there, a bucket that does not exist. That one of many objects is missing is for the caller to judge.
pub(crate) fn told(address: &str, error: &(dyn StdError + 'static)) -> Option<Error> {
    let address = Address::parse(address).ok()?;
    address.object()?;
    let mut next = Some(error);
    while let Some(error) = next {
        if matches!(error.downcast_ref(), Some(StoreError::NotImplemented { .. })) {
            return Some(Error::UnsafeStore {
                address: address.to_string(),
            });
        }
        next = error.source();
    }
    meaning(&address, error)
}

/// A setting of the environment that keeps a store from being used at all.
pub(super) fn setting(address: &Address, error: &StoreError) -> Error {
    Error::StoreSetting {
        address: address.to_string(),
        cause: short(&root(error)),
    }
}

fn meaning(address: &Address, error: &(dyn StdError + 'static)) -> Option<Error> {
    let answer = Answer::of(error);
    if asks_the_machine(&answer.text) {
        return Some(Error::NoCredentials {
            address: address.to_string(),
            variables: variables(address),
        });
    }
    if let Some(known) = answer.by_code(address) {
        return Some(known);
    }
    let said = || answer.told().unwrap_or_default();
    match answer.status {
        Some(401) => Some(refused(address, said())),
        Some(403) => Some(Error::AccessDenied {
            address: address.to_string(),
            said: said(),
        }),
        // A store that is down or has too much to do leaves what it holds as it was.
        Some(status) if status == 429 || status >= 500 => Some(Error::StoreFailed {
            address: address.to_string(),
            said: said(),
        }),
        Some(_) => None,
        None if answer.text.contains("redirect without LOCATION") => Some(wrong_region(address)),
        None => unreachable(address, error),
    }
}

/// Where nothing names credentials, the machine's own are asked for: at an address that only machines in a cloud have.
fn asks_the_machine(text: &str) -> bool {
    let places = [
        "//169.254.169.254/",
        "//169.254.170.2/",
        "//metadata.google.internal",
        "//metadata/",
    ];
    let named = std::env::var("AWS_METADATA_ENDPOINT")
        .ok()
        .filter(|named| !named.is_empty());
    places.iter().any(|place| text.contains(place)) || named.is_some_and(|named| text.contains(&named))
}

fn unreachable(address: &Address, error: &(dyn StdError + 'static)) -> Option<Error> {
    let unheard = |cause: &str| Error::StoreUnreachable {
        address: address.to_string(),
        server: endpoint(address),
        cause: short(cause),
    };
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(http) = error.downcast_ref::<HttpError>() {
            let silent = matches!(
                http.kind(),
                HttpErrorKind::Connect
                    | HttpErrorKind::Timeout
                    | HttpErrorKind::Request
                    | HttpErrorKind::Interrupted
            );
            return silent.then(|| unheard(&root(http)));
        }
        next = error.source();
    }
    // The kernel of Delta Lake passes on the words of an error, and not what caused it.
    let said = error.to_string();
    let (_, cause) = said.rsplit_once(" - HTTP error: ")?;
    Some(unheard(cause))
}

fn refused(address: &Address, said: String) -> Error {
    Error::CredentialsRefused {
        address: address.to_string(),
        said,
        variables: variables(address),
    }
}

fn wrong_region(address: &Address) -> Error {
    let name = |name: &str| std::env::var(name).ok();
    Error::WrongRegion {
        address: address.to_string(),
        region: name("AWS_REGION")
            .or_else(|| name("AWS_DEFAULT_REGION"))
            .unwrap_or_default(),
    }
}

/// Where credentials are looked for.
fn variables(address: &Address) -> Vec<String> {
    let names: &[&str] = match address.object() {
        Some((Service::Amazon, _)) => &["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
        Some((Service::Azure, _)) => &[
            "AZURE_STORAGE_ACCOUNT_NAME",
            "AZURE_STORAGE_ACCOUNT_KEY",
            "AZURE_STORAGE_SAS_TOKEN",
        ],
        Some((Service::Google, _)) => &["GOOGLE_APPLICATION_CREDENTIALS"],
        _ => &[],
    };
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// What a server answered, read out of the words of an error.
struct Answer {
    text: String,
    status: Option<u16>,
    code: Option<String>,
    message: Option<String>,
}

impl Answer {
    fn of(error: &(dyn StdError + 'static)) -> Self {
        let text = error.to_string();
        let status = text.split_once("status code: ").and_then(|(_, after)| {
            let digits = after.split(|symbol: char| !symbol.is_ascii_digit()).next()?;
            digits.parse().ok()
        });
        let element = |name: &str| {
            let (_, after) = text.split_once(&format!("<{name}>"))?;
            let (inner, _) = after.split_once(&format!("</{name}>"))?;
            Some(short(inner))
        };
        Self {
            status,
            code: element("Code"),
            message: element("Message"),
            text,
        }
    }

    /// The answer in a few words: `403, AccessDenied: …`.
    fn told(&self) -> Option<String> {
        let status = self.status.map(|status| status.to_string());
        let said = match (&self.code, &self.message) {
            (Some(code), Some(message)) => Some(format!("{code}: {message}")),
            (code, message) => code.clone().or_else(|| message.clone()),
        };
        let parts: Vec<String> = status.into_iter().chain(said).collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// What the codes mean that the stores have for the mistakes of their users.
    fn by_code(&self, address: &Address) -> Option<Error> {
        let said = || self.told().unwrap_or_default();
        match self.code.as_deref()? {
            "NoSuchBucket" | "ContainerNotFound" => Some(Error::NoSuchBucket {
                address: address.to_string(),
                bucket: address.bucket().to_owned(),
            }),
            "InvalidAccessKeyId"
            | "SignatureDoesNotMatch"
            | "ExpiredToken"
            | "InvalidToken"
            | "TokenRefreshRequired"
            | "AuthenticationFailed"
            | "InvalidClientTokenId" => Some(refused(address, said())),
            "PermanentRedirect" | "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException" => {
                Some(wrong_region(address))
            }
            _ => None,
        }
    }
}

/// The innermost cause of an error, in its own words.
fn root(error: &(dyn StdError + 'static)) -> String {
    let mut innermost = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    innermost.to_string()
}

/// A sentence of one line and some length.
fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    fn answered(address: &str, status: &str, code: &str) -> Error {
        let body = format!(
            "<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>Sorry,\nno.</Message>\
             <AWSAccessKeyId>AKIAHIDDEN</AWSAccessKeyId><StringToSign>HIDDEN</StringToSign></Error>"
        );
        let text = format!(
            "Error performing GET https://s3.eu-north-1.amazonaws.com/x?sig=HIDDEN in 12ms - Server returned non-2xx \
             status code: {status}: {body}"
        );
        let error = StoreError::Generic {
            store: "S3",
            source: text.into(),
        };
        failed(&Address::parse(address).expect("an address"), &error)
    }

    #[test]
    fn answers_of_servers_are_told_by_what_can_be_done() {
        for (status, code, known) in [
            ("404 Not Found", "NoSuchBucket", "K1114"),
            ("403 Forbidden", "InvalidAccessKeyId", "K1116"),
            ("403 Forbidden", "SignatureDoesNotMatch", "K1116"),
            ("400 Bad Request", "ExpiredToken", "K1116"),
            ("401 Unauthorized", "", "K1116"),
            ("403 Forbidden", "AccessDenied", "K1117"),
            ("503 Service Unavailable", "SlowDown", "K1119"),
            ("301 Moved Permanently", "PermanentRedirect", "K1120"),
            ("400 Bad Request", "AuthorizationHeaderMalformed", "K1120"),
        ] {
            let error = answered("s3://kultti/2025.parquet", status, code);
            assert_eq!(error.code(), known, "{error}");
            for text in [error.to_string(), format!("{error:?}")] {
                assert!(!text.contains("HIDDEN"), "{text}");
                assert!(text.contains("s3://kultti/2025.parquet"), "{text}");
            }
        }
        let busy = answered("s3://kultti/2025.parquet", "503 Service Unavailable", "SlowDown");
        assert!(busy.to_string().contains("503, SlowDown: Sorry, no."), "{busy}");
        let azure = answered("az://data/x", "404 Not Found", "ContainerNotFound");
        assert!(azure.to_string().contains("data"), "{azure}");
    }

    #[test]
    fn whoever_has_no_credentials_is_told_where_they_are_looked_for() {
        let text = "Error performing PUT http://169.254.169.254/latest/api/token in 3s - HTTP error: error sending request";
        let error = StoreError::Generic {
            store: "S3",
            source: text.into(),
        };
        let error = failed(&Address::parse("s3://kultti/x").expect("an address"), &error);
        assert_eq!(error.code(), "K1115");
        assert!(error.to_string().contains("AWS_ACCESS_KEY_ID"), "{error}");
    }

    #[test]
    fn what_delta_lake_tells_only_in_words_is_no_damage_either() {
        let failure =
            "Error interacting with object store: Generic S3 error: Error performing GET http://host/x in 5s";
        for (said, code) in [
            (" - HTTP error: error sending request", "K1118"),
            (
                " - Server returned non-2xx status code: 503 Service Unavailable: ",
                "K1119",
            ),
            (" - Server returned non-2xx status code: 403 Forbidden: ", "K1117"),
        ] {
            let error = io::Error::other(format!("{failure}{said}"));
            let error = told("s3://kultti/ledger", &error).expect("the store's");
            assert_eq!(error.code(), code, "{error}");
        }
        let lost =
            io::Error::other("Server returned non-2xx status code: 404 Not Found: <Code>NoSuchKey</Code>");
        assert_eq!(told("s3://kultti/ledger", &lost), None);
    }

    #[test]
    fn errors_of_the_file_system_are_not_the_stores() {
        let error = StoreError::Generic {
            store: "file system",
            source: "no".into(),
        };
        assert_eq!(told("/srv/ledger", &error), None);
        assert_eq!(told("memory:///x", &error), None);
        assert_eq!(told("s3://kultti/x", &error), None);
    }
}
