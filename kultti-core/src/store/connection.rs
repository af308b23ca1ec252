//! The store behind an address, with the settings of the environment.

use super::address::{Address, Service};
use super::failure::setting;
use super::shown;
use crate::error::{Error, Result};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey};
use object_store::http::HttpBuilder;
use object_store::path::Path as Location;
use object_store::{BackoffConfig, ClientConfigKey, ClientOptions, ObjectStore, RetryConfig};
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// No answer for so long is no answer. A server that is not there is known after a few seconds, one that answers with errors
/// after some more; the limits of the store's own client (5 s to connect, 30 s for a request) can be set in the environment,
/// such as `AWS_TIMEOUT`.
const RETRIES: usize = 3;
const RETRYING: Duration = Duration::from_secs(20);
const CONNECTING: Duration = Duration::from_secs(5);

/// A store, and the place in it that an address names.
pub(crate) struct Connection {
    /// All of the bucket, container or host.
    pub(crate) store: Arc<dyn ObjectStore>,
    /// The object in it, or the folder of objects.
    pub(crate) location: Location,
    /// The address as the store has it.
    pub(crate) url: Url,
    /// Whether the store can read an object piece by piece; a web server need not.
    pub(super) ranges: bool,
}

impl Connection {
    /// The store of an address; `None` for a file. Nothing is asked of it yet.
    ///
    /// # Errors
    /// [`Error::StoreSetting`] for a setting of the environment that cannot be used; [`Error::PlainHttp`] for an endpoint
    /// without encryption that nobody has allowed.
    pub(crate) fn of(address: &Address) -> Result<Option<Self>> {
        let Some((service, url)) = address.object() else {
            return Ok(None);
        };
        let location = match service {
            // The whole address is the store's, for what follows `?` belongs to it.
            Service::Web => Location::default(),
            _ => Location::from_url_path(url.path()).map_err(|error| Error::AddressSyntax {
                address: address.to_string(),
                expected: error.to_string(),
            })?,
        };
        let failed = |error: object_store::Error| setting(address, &error);
        let store: Arc<dyn ObjectStore> = match service {
            Service::Amazon => {
                let builder = amazon(url)?;
                Arc::new(builder.build().map_err(failed)?)
            }
            Service::Azure => {
                let builder = MicrosoftAzureBuilder::from_env().with_url(url.as_str());
                let allowed = builder.get_config_value(&AzureConfigKey::Client(ClientConfigKey::AllowHttp));
                let endpoint = builder.get_config_value(&AzureConfigKey::Endpoint);
                encrypted(endpoint, allowed, "AZURE_ALLOW_HTTP")?;
                Arc::new(builder.with_retry(retry()).build().map_err(failed)?)
            }
            Service::Google => {
                let builder = GoogleCloudStorageBuilder::from_env().with_url(url.as_str());
                let allowed = builder.get_config_value(&GoogleConfigKey::Client(ClientConfigKey::AllowHttp));
                let endpoint = builder.get_config_value(&GoogleConfigKey::BaseUrl);
                encrypted(endpoint, allowed, "GOOGLE_ALLOW_HTTP")?;
                Arc::new(builder.with_retry(retry()).build().map_err(failed)?)
            }
            Service::Web => {
                // Whoever types http:// means it. A large file may take longer than any limit; that bytes keep coming is
                // watched where they are read.
                let client = ClientOptions::new()
                    .with_allow_http(true)
                    .with_connect_timeout(CONNECTING)
                    .with_timeout_disabled();
                let builder = HttpBuilder::new().with_url(url.as_str()).with_retry(retry());
                Arc::new(builder.with_client_options(client).build().map_err(failed)?)
            }
        };
        Ok(Some(Self {
            store,
            location,
            url: url.clone(),
            ranges: service != Service::Web,
        }))
    }
}

fn amazon(url: &Url) -> Result<AmazonS3Builder> {
    let builder = AmazonS3Builder::from_env().with_url(url.as_str());
    let allowed = builder.get_config_value(&AmazonS3ConfigKey::Client(ClientConfigKey::AllowHttp));
    for key in [AmazonS3ConfigKey::S3Endpoint, AmazonS3ConfigKey::Endpoint] {
        encrypted(builder.get_config_value(&key), allowed.clone(), "AWS_ALLOW_HTTP")?;
    }
    Ok(builder.with_retry(retry()))
}

fn retry() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            max_backoff: Duration::from_secs(2),
            ..BackoffConfig::default()
        },
        max_retries: RETRIES,
        retry_timeout: RETRYING,
    }
}

/// Refuses to send figures and signatures where everybody on the way can read them, unless that is wanted.
fn encrypted(endpoint: Option<String>, allowed: Option<String>, setting: &str) -> Result<()> {
    let plain = endpoint.filter(|endpoint| endpoint.to_ascii_lowercase().starts_with("http://"));
    match plain {
        Some(endpoint) if !allowed.is_some_and(|said| is_true(&said)) => Err(Error::PlainHttp {
            endpoint: shown(&endpoint),
            setting: setting.to_owned(),
        }),
        _ => Ok(()),
    }
}

/// Whether a setting says yes, in the spellings of the store's own reader.
fn is_true(said: &str) -> bool {
    ["1", "true", "on", "yes", "y"].contains(&said.to_ascii_lowercase().as_str())
}

/// The server that an address is looked for at, where the environment names one.
pub(super) fn endpoint(address: &Address) -> String {
    let named = match address.object() {
        Some((Service::Amazon, _)) => {
            let builder = AmazonS3Builder::from_env();
            let own = builder.get_config_value(&AmazonS3ConfigKey::S3Endpoint);
            own.or_else(|| builder.get_config_value(&AmazonS3ConfigKey::Endpoint))
        }
        Some((Service::Azure, _)) => {
            MicrosoftAzureBuilder::from_env().get_config_value(&AzureConfigKey::Endpoint)
        }
        Some((Service::Google, _)) => {
            GoogleCloudStorageBuilder::from_env().get_config_value(&GoogleConfigKey::BaseUrl)
        }
        _ => None,
    };
    named.map(|endpoint| shown(&endpoint)).unwrap_or_default()
}
