//! The process that does the work.

use super::codec::{Codec, Role};
use super::failure::cause_of;
use super::listen::{Listen, cannot_listen};
use super::members::executor_id;
use super::releases::Releases;
use super::{ClusterAddress, HEARTBEAT};
use crate::error::{Error, Result};
use ballista_core::config::TaskSchedulingPolicy;
use ballista_core::error::BallistaError;
use ballista_core::ids::new_instance_id;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_executor::health::ExecutorHealth;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::sleep;

/// What an executor may choose.
///
/// ```
/// use kultti_core::cluster::{ExecutorOptions, Listen};
/// use std::num::NonZeroUsize;
/// let scheduler = "df://stat-1.example:50050".parse()?;
/// let options = ExecutorOptions::new(scheduler, Listen::locally(50051));
/// let options = options.with_threads(NonZeroUsize::MIN).with_folder("/scratch/kultti");
/// assert_eq!(options.threads, NonZeroUsize::new(1));
/// # Ok::<(), kultti_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExecutorOptions {
    /// The scheduler that gives the work.
    pub scheduler: ClusterAddress,
    /// Where it listens: results are fetched at the port, work arrives at the one after it.
    pub listen: Listen,
    /// Parts that it computes at once; as many as the machine has threads when absent.
    pub threads: Option<NonZeroUsize>,
    /// Where results wait to be fetched; a temporary folder when absent.
    pub folder: Option<PathBuf>,
}

impl ExecutorOptions {
    /// An executor for a scheduler.
    pub fn new(scheduler: ClusterAddress, listen: Listen) -> Self {
        Self {
            scheduler,
            listen,
            threads: None,
            folder: None,
        }
    }

    /// Sets how many parts are computed at once.
    #[must_use]
    pub fn with_threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Sets where results wait.
    #[must_use]
    pub fn with_folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// The port at which work arrives.
    fn work_port(&self) -> Result<u16> {
        self.listen
            .port
            .checked_add(1)
            .filter(|port| *port > 1)
            .ok_or_else(|| Error::InvalidArgument {
                name: "port".into(),
                expected: format!("1–{}", u16::MAX - 1),
                found: self.listen.port.to_string(),
            })
    }
}

/// Works for a scheduler until Ctrl-C or SIGTERM; `ready` is called when the scheduler knows of it.
///
/// What is being computed when it is told to end is finished first.
///
/// # Errors
/// [`Error::ClusterUnreachable`] without a scheduler; [`Error::CannotListen`]; [`Error::ClusterLost`] when the scheduler has
/// not been heard of for a while; [`Error::InvalidArgument`]; [`Error::Io`].
pub async fn execute_for(options: &ExecutorOptions, ready: impl FnOnce()) -> Result<()> {
    let host = options.listen.advertised()?;
    let work_port = options.work_port()?;
    for port in [options.listen.port, work_port] {
        let socket = std::net::SocketAddr::new(options.listen.bind, port);
        let free = TcpListener::bind(socket).await;
        free.map_err(|cause| cannot_listen(socket, cause))?;
    }
    let temporary = match &options.folder {
        Some(_) => None,
        None => Some(tempfile::tempdir().map_err(|cause| Error::io("-", &cause))?),
    };
    let folder = options
        .folder
        .as_deref()
        .or(temporary.as_ref().map(tempfile::TempDir::path));
    let health = ExecutorHealth::new();
    let config = config(options, (host, work_port), folder, &health)?;
    let mut ready = Some(ready);
    let heard = async {
        loop {
            if health.is_ready()
                && let Some(ready) = ready.take()
            {
                ready();
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    let ended = tokio::select! {
        ended = start_executor_process(Arc::new(config)) => ended,
        () = heard => Ok(()),
    };
    let address = options.scheduler.to_string();
    match ended {
        Err(cause @ (BallistaError::GrpcConnectionError(_) | BallistaError::TonicError(_))) => {
            Err(Error::ClusterUnreachable {
                address,
                cause: cause_of(&cause),
            })
        }
        Err(cause) => Err(Error::ClusterLost {
            address,
            cause: cause_of(&cause),
        }),
        // It has ended because nobody answered, not because it was told to.
        Ok(()) if !health.is_ready() => Err(Error::ClusterLost {
            address,
            cause: "no answer to heartbeats".into(),
        }),
        Ok(()) => Ok(()),
    }
}

fn config(
    options: &ExecutorOptions,
    (host, work_port): (String, u16),
    folder: Option<&Path>,
    health: &ExecutorHealth,
) -> Result<ExecutorProcessConfig> {
    if let Some(folder) = folder {
        let name = folder.display().to_string();
        std::fs::create_dir_all(folder).map_err(|cause| Error::io(name, &cause))?;
    }
    let name = format!("{host}:{}", options.listen.port);
    let available = || std::thread::available_parallelism().map_or(1, usize::from);
    Ok(ExecutorProcessConfig {
        executor_id: executor_id(&new_instance_id()),
        bind_host: options.listen.bind.to_string(),
        external_host: Some(host),
        port: options.listen.port,
        grpc_port: work_port,
        scheduler_host: options.scheduler.host().to_owned(),
        scheduler_port: options.scheduler.port(),
        vcores: options.threads.map_or_else(available, NonZeroUsize::get),
        task_scheduling_policy: TaskSchedulingPolicy::PushStaged,
        work_dir: folder.map(|folder| folder.display().to_string()),
        executor_heartbeat_interval_seconds: HEARTBEAT.as_secs(),
        override_config_producer: Some(Arc::new(super::session::config)),
        override_physical_codec: Some(Arc::new(Codec::new(Role::Executor(Arc::new(Releases::new(
            name,
        )))))),
        health: health.clone(),
        ..ExecutorProcessConfig::default()
    })
}
