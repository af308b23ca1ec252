//! Schedulers and executors that are Ballista's and not Kultti's.

use super::{PATIENCE, RUNTIME, free_port, one_more, scheduler};
use crate::stores::web::{answering, object};
use arrow_array::RecordBatch;
use ballista_executor::executor_process::{ExecutorProcessConfig, start_executor_process};
use ballista_scheduler::cluster::BallistaCluster;
use ballista_scheduler::config::SchedulerConfig;
use ballista_scheduler::scheduler_process::{create_scheduler, start_grpc_service_with_listener};
use datafusion_proto::protobuf::{LogicalPlanNode, PhysicalPlanNode};
use kultti_core::cluster::{Cluster, ClusterAddress, ExecutorOptions, Listen, execute_for};
use kultti_core::compare::{CompareAll, CompareAllOptions};
use kultti_core::release::Release;
use kultti_core::{Error, Result};
use std::num::NonZeroUsize;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// More than there are indicators: every one of them is a part.
const PARTS: NonZeroUsize = NonZeroUsize::new(100_000).unwrap();

/// An executor of Ballista, as its own program would start it.
fn join(address: &ClusterAddress) {
    let port = free_port();
    let theirs = ExecutorProcessConfig {
        scheduler_host: address.host().to_owned(),
        scheduler_port: address.port(),
        external_host: Some("127.0.0.1".into()),
        port,
        grpc_port: port + 1,
        // One that is given up is told to end, and with it ends everybody in this process.
        executor_heartbeat_interval_seconds: 2,
        ..ExecutorProcessConfig::default()
    };
    RUNTIME.spawn(async move { start_executor_process(Arc::new(theirs)).await });
}

fn question() -> CompareAll {
    let release = Release::from_static(kultti_datasets::EXAMPLE_RELEASE).expect("the example");
    let options = CompareAllOptions::columns(["z"]).expect("columns");
    Arc::new(release).compare_all(options).expect("a plan")
}

/// The answer of a cluster, with every indicator a part of its own.
fn answer(address: &ClusterAddress, release: &str) -> Result<Vec<RecordBatch>> {
    let cluster = Cluster::new(address.clone(), RUNTIME.handle()).with_parts(PARTS);
    let all = cluster.compare_all(question(), release)?;
    let (done, answered) = channel();
    std::thread::spawn(move || done.send(all.collect()));
    answered.recv_timeout(PATIENCE).expect("in time")
}

/// What everybody is told who asks where there are others.
fn assert_another_program(refused: Result<Vec<RecordBatch>>, named: &str) {
    let refused = refused.expect_err("another program");
    let Error::OtherKulttiVersion { who, expected, .. } = &refused else {
        panic!("{refused}");
    };
    assert!(who.contains(named), "{refused}");
    assert_eq!(expected, env!("CARGO_PKG_VERSION"));
}

#[test]
fn executors_of_another_program_get_no_work() {
    let address = RUNTIME.block_on(async {
        let (address, mut joined) = scheduler().await;
        join(&address);
        one_more(&mut joined).await;
        address
    });
    assert_another_program(answer(&address, "/release.parquet"), "executor 127.0.0.1:");
}

#[test]
fn whoever_joins_in_the_middle_of_a_job_changes_nothing() {
    let (address, mut joined) = RUNTIME.block_on(scheduler());
    let ours = ExecutorOptions::new(address.clone(), Listen::locally(free_port()));
    let ours = ours.with_threads(NonZeroUsize::MIN);
    RUNTIME.spawn(async move { execute_for(&ours, || ()).await });
    RUNTIME.block_on(one_more(&mut joined));
    // Our executor is busy with its first part until it is given the release.
    let (asked, working) = channel();
    let (give, given) = channel::<()>();
    let waiting = Mutex::new(Some((asked, given)));
    let server = answering(move |request| {
        let first = waiting.lock().expect("a lock").take();
        if let Some((asked, given)) = first {
            let _ = asked.send(());
            let _ = given.recv_timeout(PATIENCE);
        }
        object(request, kultti_datasets::EXAMPLE_RELEASE)
    });
    let at = address.clone();
    let job = std::thread::spawn(move || answer(&at, &format!("{server}/example.parquet")));
    working.recv_timeout(PATIENCE).expect("an executor at work");
    join(&address);
    RUNTIME.block_on(one_more(&mut joined));
    give.send(()).expect("who waits for it");
    let found = job.join().expect("no panic").expect("an answer");
    let expected: Vec<_> = question().collect::<Result<_>>().expect("an answer");
    assert!(expected.len() > 1, "one part for each executor");
    assert!(found == expected, "another answer");
    // Who asks now is told.
    assert_another_program(answer(&address, "/release.parquet"), "executor 127.0.0.1:");
}

#[test]
fn a_scheduler_of_another_program_is_named() {
    let address: ClusterAddress = RUNTIME.block_on(async {
        let config = SchedulerConfig::default();
        let cluster = BallistaCluster::new_from_config(&config)
            .await
            .expect("a cluster");
        let server = create_scheduler::<LogicalPlanNode, PhysicalPlanNode>(cluster, Arc::new(config));
        let server = server.await.expect("a scheduler");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("df://{}", listener.local_addr().expect("its address"));
        tokio::spawn(start_grpc_service_with_listener(listener, server));
        address.parse().expect("an address")
    });
    let named = format!("scheduler {address}");
    assert_another_program(answer(&address, "/release.parquet"), &named);
}
