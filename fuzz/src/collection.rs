//! What the targets of a collection do: bytes that read as a form or a round are written and read again.

use crate::ending_at_panics;
use kultti_core::collection::{Answers, Form, FormFile, FormFormat, Round};
use kultti_core::language::Language;
use kultti_core::rules::Finding;
use std::sync::LazyLock;

/// The round that the seeds of forms are of.
static ROUND: LazyLock<Round> = LazyLock::new(|| {
    let bytes = include_bytes!("../seeds/round/culture-2019.round.json");
    Round::from_bytes("seed", bytes).expect("the seed is a round")
});

/// Reads bytes as a filled form of the seeds' round. What was answered is written in every format, and is the same when read
/// again, but for what could not be read.
pub fn form(data: &[u8]) {
    ending_at_panics(|| {
        let Ok(file) = FormFile::from_bytes("fuzz", data.to_vec()) else {
            return;
        };
        let Ok(answers) = file.answers(&ROUND) else { return };
        for format in FormFormat::ALL {
            let form = Form::new(&ROUND, &answers.area, answers.language).expect("a reporter answered");
            let bytes = form.filled(&answers).to_bytes(format).expect("written");
            let again = FormFile::from_bytes("again", bytes).expect("a form");
            let again = again.answers(&ROUND).expect("answers");
            assert_eq!(figures(&again), figures(&answers), "{format:?}");
            // A copy gives back what could not be read, and nothing else is unreadable in it.
            let known = |finding: &&Finding| {
                answers
                    .unreadable
                    .iter()
                    .any(|one| one.measures == finding.measures)
            };
            let new: Vec<&Finding> = again
                .unreadable
                .iter()
                .filter(|finding| !known(finding))
                .collect();
            assert!(new.is_empty(), "{new:?}");
        }
    });
}

fn figures(answers: &Answers) -> Vec<String> {
    let figure = |answer: &kultti_core::collection::Answer| {
        let figure = &answer.figure;
        format!(
            "{} {:?} {:?} {:?}",
            answer.measure, figure.value, figure.status, figure.missing
        )
    };
    answers.answers.iter().map(figure).collect()
}

/// Reads bytes as a round. It is the same when written and read again, and every form of its first reporter is one that reads.
pub fn round(data: &[u8]) {
    ending_at_panics(|| {
        let Ok(round) = Round::from_bytes("fuzz", data) else {
            return;
        };
        let bytes = round.to_bytes().expect("written");
        let again = Round::from_bytes("again", &bytes).expect("a round");
        assert_eq!(again.document(), round.document());
        let reporter = &again.document().reporters[0];
        for (format, language) in FormFormat::ALL.into_iter().zip(Language::ALL) {
            let form = Form::new(&again, &reporter.area, language).expect("a reporter");
            let bytes = form.to_bytes(format).expect("written");
            let answers = FormFile::from_bytes("form", bytes)
                .expect("a form")
                .answers(&again)
                .expect("answers");
            assert!(answers.unreadable.is_empty(), "{:?}", answers.unreadable);
            assert!(answers.answers.iter().all(|answer| answer.figure.value.is_none()));
        }
    });
}
