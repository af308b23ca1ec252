//! What people read: three languages, narrow terminals, searches, the next command.

use super::{kultti, run, stdout};

const CULTURE: &str = "culture.net_operating_cost_per_inhabitant";

fn table(language: &str) -> String {
    stdout(&[
        "compare", CULTURE, "--area", "Karleby", "--period", "2019", "--format", "table", "--lang", language,
    ])
}

#[test]
fn numbers_and_names_follow_the_language() {
    // 7,371,000 / 47,681 = 154.58988 is shown with the indicator's two decimals.
    for (language, name, number) in [
        ("fi", "Kokkola (Karleby) 272", "154,59"),
        ("sv", "Karleby (Kokkola) 272", "154,59"),
        ("en", "Kokkola (Karleby) 272", "154.59"),
    ] {
        let text = table(language);
        assert!(text.contains(name) && text.contains(number), "{language}: {text}");
    }
}

#[test]
fn a_negative_difference_has_a_true_minus_sign() {
    // Libraries 2019: Kokkola 2,861,000 / 47,681 = 60.003; Lestijärvi 89,000 / 719 = 123.783; difference −63.780,
    // of 123.783 that is −51.5 %.
    let library = "library.net_operating_cost_per_inhabitant";
    let asked = [
        "compare", library, "--area", "272", "--period", "2019", "--peers", "421", "--format", "table",
    ];
    for (language, value, difference, relative) in [
        ("sv", "123,78", "\u{2212}63,78", "\u{2212}51,5\u{a0}%"),
        ("en", "123.78", "\u{2212}63.78", "\u{2212}51.5\u{a0}%"),
    ] {
        let text = stdout(&[&asked[..], &["--lang", language]].concat());
        for part in [value, difference, relative] {
            assert!(text.contains(part), "{part}: {text}");
        }
    }
}

#[test]
fn the_language_comes_from_the_environment_unless_it_is_given() {
    let title = |variables: &[(&str, &str)], args: &[&str]| {
        let mut command = kultti(&["compare", CULTURE, "--area", "272", "--format", "table"]);
        command.args(args).envs(variables.iter().copied());
        String::from_utf8(command.output().unwrap().stdout)
            .unwrap()
            .lines()
            .next()
            .unwrap()
            .to_owned()
    };
    assert!(title(&[], &[]).contains("asukasta kohti"));
    assert!(title(&[("LANG", "C.UTF-8")], &[]).contains("asukasta kohti"));
    assert!(title(&[("LANG", "sv_FI.UTF-8")], &[]).contains("per invånare"));
    assert!(title(&[("LANG", "sv_FI.UTF-8"), ("KULTTI_LANG", "en")], &[]).contains("per inhabitant"));
    assert!(title(&[("KULTTI_LANG", "en")], &["--lang", "sv"]).contains("per invånare"));
}

#[test]
fn a_narrow_terminal_still_reads() {
    for width in [30, 44, 60, 100] {
        let output = kultti(&[
            "compare", CULTURE, "--area", "272", "--format", "table", "--lang", "en",
        ])
        .env("COLUMNS", width.to_string())
        .output()
        .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        for line in text.lines().filter(|line| line.chars().count() > width) {
            // Only an id or a command's word is longer than the line, for it cannot be broken.
            assert_eq!(
                line.split_whitespace()
                    .filter(|word| word.len() > width / 2)
                    .count(),
                1,
                "{width}: {line}"
            );
        }
        assert!(text.contains("154.59") && text.contains("138.66"), "{text}");
    }
}

#[test]
fn no_colour_is_written_where_it_is_not_wanted() {
    let output = kultti(&["compare", CULTURE, "--area", "272", "--format", "table"])
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    assert!(!output.stdout.contains(&0x1b));
    let output = kultti(&["compare", CULTURE, "--area", "272", "--format", "table"])
        .env("CLICOLOR_FORCE", "1")
        .output()
        .unwrap();
    assert!(output.stdout.contains(&0x1b));
}

#[test]
fn the_answer_names_a_command_that_runs() {
    let text = table("en");
    let hint = text.split("kultti explain ").nth(1).expect("a next command");
    let args: Vec<&str> = std::iter::once("explain")
        .chain(hint.split_whitespace())
        .collect();
    let next = run(&args);
    assert!(
        next.status.success(),
        "{args:?}: {}",
        String::from_utf8_lossy(&next.stderr)
    );
}

#[test]
fn search_forgives_and_speaks_three_languages() {
    for words in ["kirjasto", "bibliotek", "library", "KIRJASTO", "biblioteks lån"] {
        let found = stdout(&["indicators", words, "--format", "tsv", "--lang", "en"]);
        assert!(found.contains("library.loans_per_inhabitant"), "{words}: {found}");
    }
    let found = stdout(&["areas", "karleby", "--format", "tsv"]);
    assert!(found.lines().any(|line| line.starts_with("272\t")), "{found}");
    let declared = stdout(&[
        "indicators",
        "museum.visits_per_site",
        "--format",
        "md",
        "--lang",
        "en",
    ]);
    assert!(declared.contains("no data in this release"), "{declared}");
}

#[test]
fn help_shows_examples_that_run() {
    let help = stdout(&["--help"]);
    let examples: Vec<&str> = help
        .lines()
        .filter_map(|line| line.trim().strip_prefix("kultti "))
        .collect();
    assert!(examples.len() >= 5, "{help}");
    // What an example writes does not stay in the sources.
    let folder = tempfile::tempdir().unwrap();
    for example in examples {
        let mut words: Vec<&str> = example.split_whitespace().collect();
        if words[0] == "site" {
            // All of it takes minutes in a build that is not optimised.
            words.extend(["--areas", "Kokkola"]);
        }
        let output = super::kultti(&words).current_dir(folder.path()).output().unwrap();
        assert!(
            output.status.success(),
            "{example}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    for file in ["kokkola.html", "positions.parquet", "public/index.html"] {
        assert!(folder.path().join(file).is_file(), "{file}");
    }
}

#[test]
fn markdown_has_a_table() {
    let text = stdout(&[
        "groups",
        CULTURE,
        "--by",
        "urban_rural",
        "--format",
        "md",
        "--lang",
        "en",
    ]);
    assert!(text.starts_with("## "), "{text}");
    assert_eq!(
        text.lines().filter(|line| line.starts_with("| ")).count(),
        5,
        "{text}"
    );
}

/// Text for people as one line, wherever the terminal broke it.
fn words(args: &[&str]) -> String {
    let mut args = args.to_vec();
    args.extend(["--format", "table", "--lang", "en"]);
    stdout(&args).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_equation_of_real_prices_shows_both_index_numbers() {
    // Consumer price index 2010=100: 109.2 in 2016, 111.2 in 2018. 2,902 + 1,218 + 1,131 + 1,039 + 714 + 660 = 7,664
    // thousand euros; 7,664,000/47,723 · 111.2/109.2 = 163.534696.
    let text = words(&[
        "explain", CULTURE, "--area", "272", "--period", "2016", "--real", "cpi@2018",
    ]);
    let equation = "714,000 + 660,000) / 47,723 × 111.2 / 109.2 = 163.53469";
    assert!(text.contains(equation), "{text}");
    let nominal = words(&["explain", CULTURE, "--area", "272", "--period", "2016"]);
    assert!(
        nominal.contains("/ 47,723 = 160.59342") && !nominal.contains('×'),
        "{nominal}"
    );
}

#[test]
fn differences_of_shares_are_percentage_points() {
    let args = ["--area", "272", "--period", "2019", "--peers", "country"];
    let share = words(&[&["compare", "culture.share_of_operating_economy"], &args[..]].concat());
    assert!(share.contains(" pp "), "{share}");
    let cost = words(&[&["compare", CULTURE], &args[..]].concat());
    assert!(!cost.contains(" pp "), "{cost}");
}
