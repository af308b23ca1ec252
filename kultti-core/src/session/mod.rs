//! The only maker of DataFusion sessions: configuration, memory limit, functions.
