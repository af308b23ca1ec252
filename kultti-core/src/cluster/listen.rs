//! Where a process listens, and by which name the others reach it.

use crate::error::{Error, Result};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Where a process listens.
///
/// Nobody is asked who they are: whoever reaches the port can have work done and read what is computed. Unless told otherwise
/// a process listens to its own machine only; anything else belongs into a network whose every member is trusted.
///
/// ```
/// use kultti_core::cluster::Listen;
/// let here = Listen::locally(50050);
/// assert!(here.bind.is_loopback());
/// let network = here.at("10.0.0.1".parse().unwrap()).known_as("stat-1.example");
/// assert_eq!(network.host.as_deref(), Some("stat-1.example"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Listen {
    /// The address of the machine that is listened at.
    pub bind: IpAddr,
    /// The name by which the others reach the process; the address itself when absent.
    pub host: Option<String>,
    /// The port.
    pub port: u16,
}

impl Listen {
    /// At a port of this machine, for itself only.
    pub fn locally(port: u16) -> Self {
        Self {
            bind: IpAddr::V4(Ipv4Addr::LOCALHOST),
            host: None,
            port,
        }
    }

    /// At another address of the machine.
    #[must_use]
    pub fn at(mut self, bind: IpAddr) -> Self {
        self.bind = bind;
        self
    }

    /// By another name.
    #[must_use]
    pub fn known_as(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    pub(super) fn socket(&self) -> SocketAddr {
        SocketAddr::new(self.bind, self.port)
    }

    /// The name that the others are told.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] where all addresses are listened at and no name is given: nobody could be told one.
    pub(super) fn advertised(&self) -> Result<String> {
        if let Some(host) = &self.host {
            return Ok(host.clone());
        }
        if self.bind.is_unspecified() {
            return Err(Error::InvalidArgument {
                name: "host".into(),
                expected: "--host NAME".into(),
                found: format!("--bind {}", self.bind),
            });
        }
        Ok(match self.bind {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        })
    }
}

/// The error for a port that cannot be listened at.
pub(super) fn cannot_listen(at: impl ToString, cause: impl ToString) -> Error {
    Error::CannotListen {
        address: at.to_string(),
        cause: cause.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_others_are_told_an_address_that_is_one() {
        let here = Listen::locally(1);
        assert_eq!(here.advertised(), Ok("127.0.0.1".to_owned()));
        let everywhere = here.clone().at(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        assert!(matches!(
            everywhere.advertised(),
            Err(Error::InvalidArgument { .. })
        ));
        assert_eq!(
            everywhere.known_as("stat-1").advertised(),
            Ok("stat-1".to_owned())
        );
    }
}
