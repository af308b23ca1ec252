//! Why there is no value: reasons and their precedence.

use super::{cell, compare, groups, groups_of, missing, row, then};
use crate::data::northland;
use kultti_core::model::Missing;
use kultti_core::panel::Borders;

#[test]
fn of_several_reasons_the_first_of_m_q_k_l_o_is_given() {
    // Two summands each: M and Q, Q and K, K and L, L and O, O and a value, a value and M.
    let release = northland();
    let expected = [
        ("01", Missing::NotApplicable, 'M'),
        ("02", Missing::Suppressed, 'Q'),
        ("03", Missing::Included, 'K'),
        ("04", Missing::NotCollected, 'L'),
        ("05", Missing::NotReported, 'O'),
        ("06", Missing::NotApplicable, 'M'),
    ];
    for (area, reason, letter) in expected {
        let found = cell(&release, "mix.sum", area, 2019, Borders::Then);
        assert_eq!(
            (found.value, found.missing, found.letter()),
            (None, Some(reason), letter),
            "{area}"
        );
    }
}

#[test]
fn what_cannot_exist_is_not_counted_among_the_members() {
    // N: 01 cannot exist, 03 and 05 lack the figure; S: 06 cannot exist, 02 and 04 lack it.
    let found = groups(&northland(), "mix.sum", groups_of("province", 2019));
    for code in ["N", "S"] {
        let group = row(&found, code);
        assert_eq!((group.n, group.members, group.value), (0, 2, None));
        assert_eq!(group.coverage_areas, Some(0.0));
    }
}

#[test]
fn a_denominator_of_zero_or_below_has_reasons_of_its_own() {
    // Share of the budget: 01 100 · 30,000/60,000; 02 −5,000; 03 0; 04 100 · 50,000/100,000; 05 100 · 120,000/240,000;
    // 06 has a budget of 10,000 but no cost.
    let release = northland();
    let of = |area| cell(&release, "cost_a.share_of_budget", area, 2019, Borders::Then);
    assert_eq!([of("01").value, of("04").value, of("05").value], [Some(50.0); 3]);
    assert_eq!(
        (of("02").value, of("02").missing),
        (None, Some(Missing::DenominatorNotPositive))
    );
    assert_eq!(
        (of("03").value, of("03").missing),
        (None, Some(Missing::DenominatorZero))
    );
    assert_eq!(of("06").missing, Some(Missing::NotReported));
    // The group's sums leave out what has no positive denominator: N is 100 · 150,000/300,000.
    let found = groups(&release, "cost_a.share_of_budget", groups_of("province", 2019));
    assert_eq!((row(&found, "N").value, row(&found, "N").n), (Some(50.0), 2));
    assert_eq!(row(&found, "S").missing, Some(Missing::CoverageTooLow));
}

#[test]
fn a_missing_value_has_no_differences() {
    let comparison = compare(
        &northland(),
        "cost_a.per_inhabitant",
        then("06", 2019).with_peers(["province"]),
    );
    assert_eq!(
        (
            comparison.cell.value,
            comparison.position.rank,
            comparison.position.percent_rank
        ),
        (None, None, None)
    );
    assert_eq!(
        (
            comparison.peers[0].difference,
            comparison.peers[0].difference_relative
        ),
        (None, None)
    );
    assert_eq!(comparison.peers[0].row.value, Some(40.0));
}

#[test]
fn a_row_that_is_not_there_is_missing_not_zero() {
    // Function b has no rows for 2021; nor has the budget any for 2020.
    let release = northland();
    assert_eq!(
        missing(&release, "cost_a.per_inhabitant", "06", 2019, Borders::Now),
        Some(Missing::NotReported)
    );
    let error = release
        .compare("cost.per_inhabitant", then("03", 2021))
        .expect_err("b has no figures for 2021");
    assert_eq!(error.code(), "K0409");
}
