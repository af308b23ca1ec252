//! The table of a ledger: made, opened, at a version.

use super::commit::CLOCK;
use super::failure::{reading, writing};
use super::schema;
use super::store::Place;
use crate::error::{Error, Result};
use chrono::{DateTime, Utc};
use deltalake::kernel::EagerSnapshot;
use deltalake::kernel::transaction::CommitProperties;
use deltalake::operations::create::CreateBuilder;
use deltalake::protocol::SaveMode;
use deltalake::{DeltaTable, DeltaTableError};

/// The ledger of a collection at one of its versions: a Delta Lake table of every submitted figure, to which lines are only
/// ever added.
///
/// A ledger is a folder, or an address of an object store ([`crate::store::Address`]). Version 0 is the empty ledger; each commit makes
/// the next version. Any reader of Delta Lake can read it. What is read is the version that was opened, however much others
/// add meanwhile; [`Ledger::refresh`] goes on to the newest.
///
/// The functions are `async` and start no runtime: call them in one of tokio.
#[derive(Debug, Clone)]
pub struct Ledger {
    pub(super) place: Place,
    pub(super) table: DeltaTable,
    /// When the last line was recorded, where that is known already.
    last: Option<DateTime<Utc>>,
}

impl Ledger {
    /// Makes an empty ledger: a folder path, or an address.
    ///
    /// # Errors
    /// [`Error::LedgerExists`] where there is a table already; [`Error::UnknownStore`] for an address that there is no
    /// store for, [`Error::UnsafeStore`] for a store that could lose lines, and the errors of a store of
    /// [`crate::release::Release::open_at`]; [`Error::Io`].
    pub async fn create(address: &str) -> Result<Self> {
        let place = Place::parse(address)?;
        place.make()?;
        let log_store = place.log_store()?;
        let exists = || Error::LedgerExists {
            address: address.to_owned(),
        };
        let there = log_store.is_delta_table_location().await;
        if there.map_err(|error| reading(address, &error))? {
            return Err(exists());
        }
        place.check_conditions().await?;
        let made = CreateBuilder::new()
            .with_log_store(log_store.clone())
            .with_save_mode(SaveMode::ErrorIfExists)
            .with_table_name("kultti_ledger")
            .with_columns(schema::delta())
            .with_raise_if_key_not_exists(false)
            .with_configuration(schema::properties())
            // Where somebody else makes one at the same time, this one must not be made a second time as its next version.
            .with_commit_properties(CommitProperties::default().with_max_retries(0))
            .await;
        match made {
            Ok(table) => Self::checked(place, table),
            // Somebody else may have made one in the meantime.
            Err(error) => match log_store.is_delta_table_location().await {
                Ok(true) => Err(exists()),
                _ => Err(writing(address, &error)),
            },
        }
    }

    /// The newest version of a ledger.
    ///
    /// # Errors
    /// [`Error::NoLedger`] where there is none, with what is there instead; [`Error::NotALedger`] for another Delta table;
    /// [`Error::LedgerNewer`] for one that takes a newer Kultti or a newer Delta Lake; [`Error::LedgerDamaged`];
    /// [`Error::UnknownStore`] and the errors of a store; [`Error::Io`].
    pub async fn open(address: &str) -> Result<Self> {
        let place = Place::parse(address)?;
        if !place.is_there()? {
            return Err(place.nothing_there().await?);
        }
        let mut table = DeltaTable::new(place.log_store()?);
        let there = table.verify_deltatable_existence().await;
        if !there.map_err(|error| reading(address, &error))? {
            return Err(place.nothing_there().await?);
        }
        let loaded = table.load().await;
        loaded.map_err(|error| unreadable(address, &error))?;
        Self::checked(place, table)
    }

    /// The newest version of a ledger, which is made where there is none.
    ///
    /// # Errors
    /// Those of [`Ledger::open`] and [`Ledger::create`].
    pub async fn open_or_create(address: &str) -> Result<Self> {
        match Self::open(address).await {
            Err(Error::NoLedger { .. }) => match Self::create(address).await {
                // Two began at once, and the other was first.
                Err(Error::LedgerExists { .. }) => Self::open(address).await,
                made => made,
            },
            opened => opened,
        }
    }

    /// The folder or address, as it was given.
    pub fn address(&self) -> &str {
        &self.place.address
    }

    /// The version: 0 for an empty ledger, and one more for every commit.
    pub fn version(&self) -> i64 {
        let version = self.table.version().unwrap_or_default();
        i64::try_from(version).unwrap_or(i64::MAX)
    }

    /// Goes on to the newest version.
    ///
    /// # Errors
    /// [`Error::NoLedger`] where it was taken away; [`Error::LedgerDamaged`]; [`Error::Io`].
    pub async fn refresh(&mut self) -> Result<()> {
        let there = self.table.verify_deltatable_existence().await;
        if !there.map_err(|error| reading(self.address(), &error))? {
            // An empty log looks like one to which nothing was added.
            return Err(self.place.nothing_there().await?);
        }
        let before = self.version();
        let updated = self.table.update_incremental(None).await;
        updated.map_err(|error| unreadable(&self.place.address, &error))?;
        if self.version() != before {
            self.last = None;
        }
        Ok(())
    }

    /// The ledger as it stood at a version.
    ///
    /// # Errors
    /// [`Error::LedgerVersion`] for one that does not exist; [`Error::LedgerDamaged`]; [`Error::Io`].
    pub async fn at(&self, version: i64) -> Result<Self> {
        let address = self.address();
        let newest = self.table.get_latest_version().await;
        let newest = newest.map_err(|error| unreadable(address, &error))?;
        let wanted = u64::try_from(version).ok().filter(|wanted| *wanted <= newest);
        let wanted = wanted.ok_or_else(|| Error::LedgerVersion {
            address: address.to_owned(),
            version: version.to_string(),
            newest: newest.to_string(),
        })?;
        let mut table = DeltaTable::new(self.table.log_store());
        let loaded = table.load_version(wanted).await;
        loaded.map_err(|error| unreadable(address, &error))?;
        Self::checked(self.place.clone(), table)
    }

    /// A table, if it is a ledger.
    fn checked(place: Place, table: DeltaTable) -> Result<Self> {
        let address = place.address.clone();
        let state = table.snapshot().map_err(|error| reading(&address, &error))?;
        let snapshot: &EagerSnapshot = state.snapshot();
        let layout = state.metadata().configuration().get(schema::LAYOUT_PROPERTY);
        let newer = layout.filter(|layout| !layout.parse().is_ok_and(|layout: u32| layout <= schema::LAYOUT));
        if let Some(layout) = newer {
            return Err(Error::LedgerNewer {
                address,
                found: format!("{} = {layout}", schema::LAYOUT_PROPERTY),
            });
        }
        let lacking = schema::lacking(&snapshot.arrow_schema());
        if !lacking.is_empty() {
            return Err(Error::NotALedger { address, lacking });
        }
        Ok(Self {
            place,
            table,
            last: None,
        })
    }

    /// When the last line was recorded; long ago in an empty ledger.
    pub(super) async fn last_recorded(&mut self) -> Result<DateTime<Utc>> {
        if let Some(last) = self.last {
            return Ok(last);
        }
        let failed = |error: DeltaTableError| reading(&self.place.address, &error);
        let state = self.table.snapshot().map_err(failed)?;
        let clock = state
            .transaction_version(self.table.log_store().as_ref(), CLOCK)
            .await;
        let clock = clock.map_err(failed)?.and_then(DateTime::from_timestamp_micros);
        let last = clock.unwrap_or(DateTime::<Utc>::MIN_UTC);
        self.last = Some(last);
        Ok(last)
    }

    /// Goes on to a version that was just written. What fails here is met again by whoever reads next: the lines are there.
    pub(super) async fn committed(&mut self, version: i64, recorded: DateTime<Utc>) {
        let wanted = u64::try_from(version).ok();
        if self.table.update_incremental(wanted).await.is_err() {
            return;
        }
        self.last = Some(recorded);
        if version % schema::COMPACTION_INTERVAL == 0 {
            // Small files that stay apart cost readers time and nothing else; the next time makes up for it.
            let _ = self.compact().await;
        }
        if version % schema::CHECKPOINT_INTERVAL == 0 {
            // Without it the table is read from more entries of its log; the next one makes up for it.
            let _ = deltalake::checkpoints::create_checkpoint(&self.table, None).await;
        }
    }
}

/// What kept a table from being opened.
fn unreadable(address: &str, error: &DeltaTableError) -> Error {
    let said = error.to_string();
    if said.to_lowercase().contains("unsupported") {
        return Error::LedgerNewer {
            address: address.to_owned(),
            found: said,
        };
    }
    reading(address, error)
}
