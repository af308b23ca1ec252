//! The cells of `compare_all` on the example release are those of the verbs that answer one question.
