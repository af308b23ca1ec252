//! Where a scheduler listens.

use crate::error::{Error, Result};
use std::fmt;
use std::str::FromStr;

/// The port of a scheduler, unless another is said.
pub const SCHEDULER_PORT: u16 = 50050;

/// The address of a scheduler: `df://HOST:PORT`.
///
/// ```
/// use kultti_core::cluster::ClusterAddress;
/// let address: ClusterAddress = "df://stat-1.example:50050".parse()?;
/// assert_eq!((address.host(), address.port()), ("stat-1.example", 50050));
/// assert!("http://stat-1.example".parse::<ClusterAddress>().is_err());
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterAddress {
    host: String,
    port: u16,
}

impl ClusterAddress {
    /// The address of a host's port.
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        Self {
            host: host.into(),
            port,
        }
    }

    /// The host: a name or an IP address.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address as the transport wants it.
    pub(super) fn url(&self) -> String {
        format!("http://{}:{}", self.host, self.port)
    }
}

impl FromStr for ClusterAddress {
    type Err = Error;

    /// # Errors
    /// [`Error::InvalidArgument`] for anything but `df://HOST:PORT` and `df://HOST`.
    fn from_str(text: &str) -> Result<Self> {
        let refused = || Error::InvalidArgument {
            name: "cluster".into(),
            expected: "df://HOST:PORT".into(),
            found: text.to_owned(),
        };
        let place = text.strip_prefix("df://").ok_or_else(refused)?;
        let place = place.strip_suffix('/').unwrap_or(place);
        // An IPv6 address stands in brackets, which hold colons too.
        let after_host = place.rfind(']').map_or(0, |bracket| bracket + 1);
        let (host, port) = match place[after_host..].find(':') {
            Some(colon) => {
                let (host, port) = place.split_at(after_host + colon);
                (host, port[1..].parse().map_err(|_| refused())?)
            }
            None => (place, SCHEDULER_PORT),
        };
        let sound = !host.is_empty() && !host.contains(['/', '@', '?', '#', ' ']);
        sound.then(|| Self::new(host, port)).ok_or_else(refused)
    }
}

impl fmt::Display for ClusterAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "df://{}:{}", self.host, self.port)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_a_host_and_a_port() {
        let read = |text: &str| text.parse::<ClusterAddress>().map(|address| address.to_string());
        assert_eq!(read("df://h:1"), Ok("df://h:1".to_owned()));
        assert_eq!(read("df://h/"), Ok("df://h:50050".to_owned()));
        assert_eq!(read("df://[::1]:7"), Ok("df://[::1]:7".to_owned()));
        for text in [
            "",
            "h:1",
            "http://h:1",
            "df://",
            "df://:1",
            "df://h:x",
            "df://h:70000",
            "df://a/b",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
