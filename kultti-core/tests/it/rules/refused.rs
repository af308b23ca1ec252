//! What a file of rules may not hold, and where the error says that it stands.

use super::{catalogue, rule_text};
use kultti_core::Error;
use kultti_core::language::Language;
use kultti_core::rules::RuleSet;

fn refused(fields: &str) -> Error {
    match RuleSet::parse("rules.toml", &rule_text(fields), &catalogue()) {
        Ok(_) => panic!("read: {fields}"),
        Err(error) => error,
    }
}

fn sql(assert: &str) -> Error {
    refused(&format!(
        "kind = \"sql\"\nassert = \"{assert}\"\nmessage = {{ fi = \"a\", sv = \"b\", en = \"c\" }}"
    ))
}

/// The rule's `assert` stands in line 14, and its text begins in column 11.
#[test]
fn an_expression_is_refused_at_its_place_with_near_names() {
    for (assert, expected) in [
        (
            "library.visit > 0",
            "rules.toml:14:11: rule r: expected a measure, previous(measure) or inhabitants; found library.visit. Did you mean library.visits",
        ),
        (
            "library.visits > previous(library.visists)",
            "rules.toml:14:37: rule r: expected a measure, previous(measure) or inhabitants; found previous(library.visists). Did you mean previous(library.visits)",
        ),
        (
            "library.visits > ",
            "rules.toml:14:28: rule r: expected an SQL expression of measures and numbers; found EOF.",
        ),
        (
            "library.visits 5",
            "rules.toml:14:26: rule r: expected an SQL expression",
        ),
        (
            "sqr(library.visits) > 1",
            "rules.toml:14:11: rule r: expected one of these functions with its arguments: abs, ceil,",
        ),
        (
            "library.visits + 1",
            "rules.toml:14:11: rule r: expected an expression that is true or false; found library.visits + 1.",
        ),
        ("library.visits AND true", "rules.toml:14:"),
    ] {
        let error = sql(assert);
        assert!(error.to_string().starts_with(expected), "{assert}: {error}");
        assert_eq!(error.code(), "K1022");
        assert!(!error.message().render(Language::Sv).contains('{'));
    }
}

#[test]
fn nothing_reaches_beyond_the_columns() {
    for assert in [
        "(SELECT 1) = 1",
        "EXISTS (SELECT 1)",
        "library.visits IN (SELECT 1)",
        "library.visits > ANY (SELECT 1)",
        "sum(library.visits) > 1",
        "count(*) > 1",
        "avg(library.visits) OVER () > 1",
        "abs(library.visits) OVER (PARTITION BY inhabitants) > 1",
        "abs(DISTINCT library.visits) > 1",
        "abs(library.visits) FILTER (WHERE true) > 1",
        "read_csv('/etc/passwd') = 1",
        "random() > 0.5",
        "now() > 1",
        "version() = 1",
        "current_date > 1",
        "arrow_cast(library.visits, 'Utf8') > 1",
        "CAST(library.visits AS INT) > 1",
        "library.visits::int > 1",
        "library.visits > 'text'",
        "library.visits LIKE 1",
        "library.visits % 2 = 0",
        "library.visits || 1 = 1",
        "\\\"/etc/passwd\\\" > 1",
        "information_schema.tables > 1",
        "library.visits[0] > 1",
        "round(library.visits, inhabitants) > 1",
        "sqrt(library.visits) > 1",
        "abs() > 1",
        "abs(library.visits, 1) > 1",
        "nullif(library.visits) > 1",
        "CASE library.visits WHEN 1 THEN true END",
        "EXTRACT(YEAR FROM library.visits) > 1",
        "CEIL(library.visits TO DAY) > 1",
        "INTERVAL '1 day' > 1",
        "library.visits > 1; DROP TABLE x",
        "library.visits > 1 -- ) \\n OR (SELECT 1)",
        "@x > 1",
        "? > 1",
    ] {
        let error = sql(assert);
        assert_eq!(error.code(), "K1022", "{assert}: {error}");
    }
}

#[test]
fn a_chain_that_would_fill_the_stack_is_refused() {
    let long = format!("library.visits{} > 0", " + 1".repeat(100_000));
    assert_eq!(sql(&long).code(), "K1022");
    let deep = format!("{}library.visits{} > 0", "(".repeat(3_000), ")".repeat(3_000));
    assert_eq!(sql(&deep).code(), "K1022");
    // As long as an expression may be: it is read and computed.
    let allowed = format!("library.visits{} > 0", " + 1".repeat(197));
    let rules = super::rules(&format!(
        "kind = \"sql\"\nassert = \"{allowed}\"\nmessage = {{ fi = \"a\", sv = \"b\", en = \"c\" }}"
    ));
    let records = super::form(
        super::answers("272", &[("library.visits", 1.0)]),
        Default::default(),
    );
    assert_eq!(super::check(&rules, &records).rules[0].pass, 1);
}

#[test]
fn coalesce_within_itself_does_not_grow_without_end() {
    let nested = |depth: usize| {
        let open = "coalesce(".repeat(depth);
        let close = ", 1)".repeat(depth);
        format!("{open}library.visits{close} > 0")
    };
    assert_eq!(sql(&nested(40)).code(), "K1022");
    let rules = super::rules(&format!(
        "kind = \"sql\"\nassert = \"{}\"\nmessage = {{ fi = \"a\", sv = \"b\", en = \"c\" }}",
        nested(5)
    ));
    let records = super::form(super::answers("272", &[]), Default::default());
    assert_eq!(super::check(&rules, &records).rules[0].pass, 1);
}

#[test]
fn a_kind_has_its_own_fields() {
    for (fields, expected) in [
        (
            "kind = \"range\"\nmeasures = [\"library.visits\"]",
            "rules.toml:7: rule r, field maximum: expected minimum or maximum or both, the smaller first; found \u{2013}",
        ),
        (
            "kind = \"range\"\nmeasures = [\"library.visits\"]\nminimum = 2\nmaximum = 1",
            "rules.toml:7: rule r, field maximum: expected minimum or maximum or both",
        ),
        (
            "kind = \"net\"\nnet = \"library.net_operating_cost\"\ngross = \"library.operating_cost\"",
            "rules.toml:7: rule r, field income: expected the fields of the kind net (net, gross, income); found \u{2013}",
        ),
        (
            "kind = \"required\"\nmeasures = [\"library.visits\"]\nmaximum = 5",
            "rules.toml:7: rule r, field maximum: expected the fields of the kind required (measures); found maximum",
        ),
        (
            "kind = \"required\"\nmeasures = []",
            "rules.toml:7: rule r, field measures: expected the id of a measure",
        ),
        (
            "kind = \"peers\"\nmeasures = [\"library.visits\"]\nthreshold = -1",
            "rules.toml:7: rule r, field threshold: expected a number that is zero or more; found -1",
        ),
        (
            "kind = \"sum\"\ntotal = \"culture.grants\"\nparts = [\"library.visits\"]",
            "rules.toml:7: rule r, field total: expected measures of one unit; found library.visits",
        ),
        (
            "kind = \"sum\"\ntotal = \"culture.grants\"\nparts = [\"culture.grants\"]",
            "rules.toml:7: rule r, field total: expected each measure once; found culture.grants",
        ),
        (
            "kind = \"sql\"\nassert = \"library.visits > 0 and library.loans > 0\"\ntolerance = 1\nmessage = { fi = \"a\", sv = \"b\", en = \"c\" }",
            "rules.toml:7: rule r, field tolerance: expected an assert that compares two numbers",
        ),
    ] {
        let error = refused(fields).to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let unknown = refused("kind = \"required\"\nmeasures = [\"library.visists\"]");
    assert!(unknown.to_string().contains("library.visits"), "{unknown}");
    assert_eq!(unknown.code(), "K0304");
    assert_eq!(
        refused("kind = \"required\"\nmeasures = [\"nobody.*\"]").code(),
        "K0304"
    );
    assert_eq!(refused("kind = \"rquired\"\nmeasures = []").code(), "K0301");
    assert_eq!(refused("kind = \"required\"\nmeasure = []").code(), "K0301");
}

#[test]
fn texts_and_ids_are_whole() {
    let parse = |text: &str| {
        RuleSet::parse("rules.toml", text, &catalogue())
            .map(|_| ())
            .expect_err("refused")
            .code()
    };
    let good = rule_text("kind = \"duplicates\"");
    assert_eq!(parse(&good.replace("sv = \"b\", ", "")), "K0302");
    assert_eq!(parse(&good.replace("schema = 1", "schema = 2")), "K1023");
    assert_eq!(
        parse(&good.replace(
            "[[rule]]\nid = \"r\"\nversion = 1",
            "[[rule]]\nid = \"r\"\nversion = 0"
        )),
        "K1023"
    );
    let (_, rule) = good.split_once("[[rule]]").expect("a rule");
    assert_eq!(parse(&format!("{good}\n[[rule]]{rule}")), "K0303");
}
