//! `cluster`: the processes of a cluster; and `--cluster`, which has work done there.

use crate::interrupt;
use crate::output::{Failure, Output};
use crate::runtime::{block_on, runtime};
use crate::verbs::put;
use clap::{Args, Subcommand};
use kultti_core::Error;
use kultti_core::cluster::{
    Cluster, ClusterAddress, ExecutorOptions, Listen, Membership, SCHEDULER_PORT, Scheduler, execute_for,
};
use kultti_core::compare::CompareAll;
use kultti_core::language::Message;
use std::net::{IpAddr, Ipv4Addr};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const TRUST: &str = "\
Nobody is asked who they are: whoever reaches a port can have work done, and read what is computed. Only this machine is listened
to unless --bind says otherwise; other addresses belong into a network whose every member is trusted.

Everybody needs the same version of Kultti, and the release at the same path or address.

Example:
  kultti cluster scheduler &
  kultti cluster executor --scheduler 127.0.0.1:50050 &
  kultti compare-all --release /data/kultti.parquet --order desc --cluster df://127.0.0.1:50050 -o all.parquet";

/// The processes of a cluster.
#[derive(Debug, Subcommand)]
pub(crate) enum ClusterVerb {
    /// Hand out work to executors, until Ctrl-C or SIGTERM
    #[command(after_help = TRUST)]
    Scheduler(SchedulerArgs),
    /// Do the work of a scheduler, until Ctrl-C or SIGTERM
    #[command(after_help = TRUST)]
    Executor(ExecutorArgs),
}

/// Where a process listens.
#[derive(Debug, Args)]
struct ListenArgs {
    /// Address of this machine to listen at; without authentication: a trusted network only
    #[arg(long, value_name = "ADDRESS", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// Name by which the others reach this process [default: the address]
    #[arg(long, value_name = "NAME")]
    host: Option<String>,
}

impl ListenArgs {
    fn at(&self, port: u16) -> Listen {
        let listen = Listen::locally(port).at(self.bind);
        match &self.host {
            Some(host) => listen.known_as(host),
            None => listen,
        }
    }
}

/// Options of `cluster scheduler`.
#[derive(Debug, Args)]
pub(crate) struct SchedulerArgs {
    #[command(flatten)]
    listen: ListenArgs,
    /// Port to listen at; 0 takes any that is free
    #[arg(long, value_name = "PORT", default_value_t = SCHEDULER_PORT)]
    port: u16,
}

/// Options of `cluster executor`.
#[derive(Debug, Args)]
pub(crate) struct ExecutorArgs {
    /// The scheduler to work for
    #[arg(long, value_name = "HOST:PORT", value_parser = scheduler)]
    scheduler: ClusterAddress,
    #[command(flatten)]
    listen: ListenArgs,
    /// Port at which results are fetched; work arrives at the port after it
    #[arg(long, value_name = "PORT", default_value_t = SCHEDULER_PORT + 1)]
    port: u16,
    /// Parts that are computed at once [default: as many as the machine has threads]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Folder in which results wait to be fetched [default: a temporary one]
    #[arg(long, value_name = "DIR")]
    work_dir: Option<PathBuf>,
}

/// Options of a verb that a cluster can answer.
#[derive(Debug, Args)]
pub(crate) struct OnCluster {
    /// Compute on a cluster instead of this machine: the address of its scheduler
    #[arg(long, value_name = "df://HOST:PORT", value_parser = address)]
    pub(crate) cluster: Option<ClusterAddress>,
    /// Parts that the work of a cluster is cut into [default: one for every four indicators or measures, 128 at most]
    #[arg(long, value_name = "N", requires = "cluster")]
    parts: Option<NonZeroUsize>,
}

impl OnCluster {
    /// The same comparison, computed by the cluster where one was asked for.
    pub(crate) fn computed(&self, all: CompareAll, file: Option<&Path>) -> Result<CompareAll, Error> {
        match self.of(file)? {
            Some((cluster, place)) => cluster.compare_all(all, &place),
            None => Ok(all),
        }
    }

    /// The cluster that was asked for, and where its executors find the release.
    pub(crate) fn of(&self, file: Option<&Path>) -> Result<Option<(Cluster, String)>, Error> {
        let Some(address) = &self.cluster else {
            return Ok(None);
        };
        let cluster = Cluster::new(address.clone(), runtime()?.handle());
        let cluster = cluster.with_listener(Arc::new(interrupt::requested));
        let cluster = match self.parts {
            Some(parts) => cluster.with_parts(parts),
            None => cluster,
        };
        Ok(Some((cluster, place(file)?)))
    }
}

/// Where executors find a release: they have other working folders, and the same stores.
fn place(file: Option<&Path>) -> Result<String, Error> {
    let file = file.ok_or(Error::ReleaseWithoutAddress {})?;
    if let Some(address) = super::address(file) {
        return Ok(address.to_owned());
    }
    let name = || file.display().to_string();
    let absolute = std::path::absolute(file).map_err(|cause| Error::io(name(), &cause))?;
    Ok(absolute.display().to_string())
}

fn address(text: &str) -> Result<ClusterAddress, Error> {
    text.parse()
}

/// A scheduler by its whole address, or by host and port.
fn scheduler(text: &str) -> Result<ClusterAddress, Error> {
    if text.contains("://") {
        return text.parse();
    }
    format!("df://{text}").parse()
}

pub(crate) fn run(verb: &ClusterVerb, output: &Output) -> Result<(), Failure> {
    match verb {
        ClusterVerb::Scheduler(asked) => {
            let listen = asked.listen.at(asked.port);
            let said = output.clone();
            let done = block_on(async {
                let scheduler = Scheduler::listen(&listen).await?;
                ready("cluster.scheduler-ready", &scheduler.address().to_string(), &said);
                scheduler.run(|change| said.remark(&told(&change, &said))).await
            });
            Ok(done?)
        }
        ClusterVerb::Executor(asked) => Ok(block_on(execute_for(&asked.options(), || {
            let at = asked.listen.at(asked.port);
            let host = at.host.unwrap_or_else(|| at.bind.to_string());
            ready(
                "cluster.executor-ready",
                &format!("{host}:{}", asked.port),
                output,
            );
        }))?),
    }
}

impl ExecutorArgs {
    fn options(&self) -> ExecutorOptions {
        let mut options = ExecutorOptions::new(self.scheduler.clone(), self.listen.at(self.port));
        if let Some(threads) = self.threads {
            options = options.with_threads(threads);
        }
        match &self.work_dir {
            Some(folder) => options.with_folder(folder),
            None => options,
        }
    }
}

/// One line for whoever waits for a process to be there.
fn ready(code: &'static str, address: &str, output: &Output) {
    let line = Message::new(code)
        .with("address", address)
        .render(output.language());
    // Where nobody reads, nobody waits.
    let _ = put(format!("{line}\n").as_bytes(), None);
}

fn told(change: &Membership, output: &Output) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let message = match change {
        Membership::Joined(member) if member.version.as_deref() == Some(version) => {
            Message::new("cluster.joined")
                .with("address", member.address.clone())
                .with("threads", member.threads.to_string())
        }
        Membership::Joined(member) => Message::new("cluster.joined-other")
            .with("address", member.address.clone())
            .with(
                "version",
                member.version.clone().unwrap_or_else(|| "?".to_owned()),
            ),
        Membership::Left(member) => Message::new("cluster.left").with("address", member.address.clone()),
    };
    message.render(output.language())
}
