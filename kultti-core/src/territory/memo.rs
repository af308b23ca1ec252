//! What has been worked out once: kept by key for as long as the territory lives.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Values by key, shared by all threads.
///
/// The keys are days, years, groupings and scopes, so that there are few of them.
#[derive(Debug)]
pub(super) struct Memo<K, V>(Mutex<HashMap<K, Arc<V>>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash, V> Memo<K, V> {
    /// The value of a key; `make` runs outside the lock, so that two threads may both make it and one of them is kept.
    pub(super) fn get(&self, key: K, make: impl FnOnce() -> V) -> Arc<V> {
        // Nothing can be half-written under the lock, so a thread that panicked with it leaves a sound map.
        let map = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = map().get(&key) {
            return Arc::clone(known);
        }
        let made = Arc::new(make());
        Arc::clone(map().entry(key).or_insert(made))
    }
}
