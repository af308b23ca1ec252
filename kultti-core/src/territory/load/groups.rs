//! Groupings, groups, memberships, and the parts of the country that are drawn by groups.

use super::{Header, Table, known_area, name};
use crate::error::{Error, Result};
use crate::language::near_matches;
use crate::source::{Row, line_declaring};
use crate::territory::document::{Area, Group, Grouping, Membership};
use crate::territory::grouping::COUNTRY;
use std::collections::HashMap;

/// First and last year of a row; both may be open.
fn years(row: &Row) -> Result<(Option<i32>, Option<i32>)> {
    let years: (Option<i32>, Option<i32>) = (
        row.parse("first_year", "a year")?,
        row.parse("last_year", "a year")?,
    );
    match years {
        (Some(first), Some(last)) if last < first => {
            Err(row.wrong("last_year", "a year not before the first"))
        }
        years => Ok(years),
    }
}

pub(super) fn groupings(table: &Table) -> Result<Vec<Grouping>> {
    let columns = [
        "grouping",
        "name_fi",
        "name_sv",
        "name_en",
        "first_year",
        "last_year",
    ];
    let mut groupings = Vec::new();
    table.rows(&columns, |row| {
        let id = row.required("grouping")?;
        if groupings.iter().any(|known: &Grouping| known.id.as_str() == id) {
            return Err(Error::DuplicateId {
                path: table.path.clone(),
                line: row.line,
                id: id.into(),
            });
        }
        let (first_year, last_year) = years(row)?;
        groupings.push(Grouping {
            id: id.into(),
            name: name(row)?,
            first_year,
            last_year,
        });
        Ok(())
    })?;
    Ok(groupings)
}

pub(super) fn groups(table: &Table, groupings: &[Grouping]) -> Result<Vec<Group>> {
    let columns = [
        "grouping",
        "group",
        "name_fi",
        "name_sv",
        "name_en",
        "first_year",
        "last_year",
    ];
    let mut groups: Vec<Group> = Vec::new();
    table.rows(&columns, |row| {
        let grouping = row.required("grouping")?;
        if !groupings.iter().any(|known| known.id.as_str() == grouping) {
            return Err(row.wrong("grouping", "a grouping of groupings.csv"));
        }
        let (first_year, last_year) = years(row)?;
        let group = Group {
            grouping: grouping.into(),
            code: row.required("group")?.into(),
            name: name(row)?,
            first_year,
            last_year,
        };
        let years = |group: &Group| {
            (
                group.first_year.unwrap_or(i32::MIN),
                group.last_year.unwrap_or(i32::MAX),
            )
        };
        let overlaps = |known: &Group| years(known).0 <= years(&group).1 && years(&group).0 <= years(known).1;
        let same = |known: &&Group| known.grouping == group.grouping && known.code == group.code;
        if groups.iter().filter(same).any(overlaps) {
            return Err(Error::DuplicateId {
                path: table.path.clone(),
                line: row.line,
                id: group.code.to_string(),
            });
        }
        groups.push(group);
        Ok(())
    })?;
    Ok(groups)
}

pub(super) fn memberships(
    table: &Table,
    known: &HashMap<&str, &Area>,
    (groupings, groups): (&[Grouping], &[Group]),
) -> Result<Vec<Membership>> {
    let columns = ["grouping", "area", "group", "first_year", "last_year"];
    let mut memberships: Vec<Membership> = Vec::new();
    let mut intervals: HashMap<(String, String), Vec<(i32, i32)>> = HashMap::new();
    table.rows(&columns, |row| {
        let (grouping, group) = (row.required("grouping")?, row.required("group")?);
        if !groups
            .iter()
            .any(|known| known.grouping.as_str() == grouping && known.code.as_str() == group)
        {
            return Err(row.wrong("group", &format!("a group of {grouping} in groups.csv")));
        }
        let membership = Membership {
            grouping: grouping.into(),
            area: known_area(row, "area", known)?,
            group: group.into(),
            first_year: row.parse("first_year", "a year")?,
            last_year: row.parse("last_year", "a year")?,
        };
        let span = (
            membership.first_year.unwrap_or(i32::MIN),
            membership.last_year.unwrap_or(i32::MAX),
        );
        let valid = groupings.iter().find(|known| known.id == membership.grouping);
        let years = valid.map_or((i32::MIN, i32::MAX), |valid| {
            (
                valid.first_year.unwrap_or(i32::MIN),
                valid.last_year.unwrap_or(i32::MAX),
            )
        });
        if span.1 < span.0 {
            return Err(row.wrong("last_year", "a year not before the first"));
        }
        if span.0 < years.0 || (membership.last_year.is_some() && span.1 > years.1) {
            let column = if span.0 < years.0 {
                "first_year"
            } else {
                "last_year"
            };
            return Err(row.wrong(column, &format!("years in which {grouping} is in force")));
        }
        let others = intervals
            .entry((grouping.to_owned(), membership.area.to_string()))
            .or_default();
        if others
            .iter()
            .any(|(first, last)| span.0 <= *last && *first <= span.1)
        {
            return Err(row.wrong("first_year", "years that no other group of the grouping covers"));
        }
        others.push(span);
        memberships.push(membership);
        Ok(())
    })?;
    memberships.sort_by(|left, right| {
        (&left.grouping, &left.area, left.first_year).cmp(&(&right.grouping, &right.area, right.first_year))
    });
    Ok(memberships)
}

/// Labels in three languages, and parts of the country that are drawn by groups there are.
pub(super) fn check_parts(
    toml: &Table,
    header: &Header,
    groupings: &[Grouping],
    groups: &[Group],
) -> Result<()> {
    let labels = header
        .scope
        .iter()
        .map(|scope| (scope.id.as_str(), "label", &scope.label));
    let size = header
        .size
        .iter()
        .map(|size| (size.grouping.as_str(), "label", &size.label));
    let names = [
        (header.id.as_str(), "name", &header.name),
        (header.id.as_str(), "country", &header.country.name),
    ];
    for (id, field, text) in names.into_iter().chain(labels).chain(size) {
        if let Some(language) = text.gap() {
            return Err(Error::MissingText {
                path: toml.path.clone(),
                line: line_declaring(&toml.text, id),
                id: id.to_owned(),
                field: field.to_owned(),
                language: language.code().to_owned(),
            });
        }
    }
    for scope in &header.scope {
        let unknown = |field: &str, reference: &str, known: Vec<&str>| Error::UnknownReference {
            path: toml.path.clone(),
            line: line_declaring(&toml.text, &scope.id),
            column: 1,
            id: scope.id.clone(),
            field: field.to_owned(),
            reference: reference.to_owned(),
            near: near_matches(reference, known, 3)
                .into_iter()
                .map(str::to_owned)
                .collect(),
        };
        if !groupings.iter().any(|grouping| grouping.id == scope.grouping) {
            let known = groupings.iter().map(|grouping| grouping.id.as_str()).collect();
            return Err(unknown("grouping", scope.grouping.as_str(), known));
        }
        let of_grouping = || groups.iter().filter(|group| group.grouping == scope.grouping);
        let absent = scope
            .exclude
            .iter()
            .find(|code| of_grouping().all(|group| group.code != **code));
        if let Some(code) = absent {
            let known = of_grouping().map(|group| group.code.as_str()).collect();
            return Err(unknown("exclude", code.as_str(), known));
        }
    }
    Ok(())
}

/// Groupings do not take the names of those that are computed; size classes ascend; the usual peers exist.
pub(super) fn check_size(toml: &Table, header: &Header, groupings: &[Grouping]) -> Result<()> {
    let invalid = |id: &str, field: &str, expected: &str, found: String| Error::InvalidField {
        path: toml.path.clone(),
        line: line_declaring(&toml.text, id),
        id: id.to_owned(),
        field: field.to_owned(),
        expected: expected.to_owned(),
        found,
    };
    let size = header.size.as_ref().map(|size| size.grouping.as_str());
    let taken = groupings
        .iter()
        .find(|known| known.id.as_str() == COUNTRY || Some(known.id.as_str()) == size);
    if let Some(grouping) = taken {
        let id = grouping.id.as_str();
        return Err(invalid(
            id,
            "grouping",
            "a name other than country and that of the size classes",
            id.to_owned(),
        ));
    }
    if let Some(size) = header
        .size
        .as_ref()
        .filter(|size| !size.bounds.is_sorted_by(|left, right| left < right))
    {
        return Err(invalid(
            size.grouping.as_str(),
            "bounds",
            "ascending bounds",
            format!("{:?}", size.bounds),
        ));
    }
    let exists = |peer: &&String| {
        peer.as_str() == COUNTRY
            || Some(peer.as_str()) == size
            || groupings.iter().any(|known| known.id.as_str() == *peer)
    };
    let absent = header.peers.iter().find(|peer| !exists(peer));
    absent.map_or(Ok(()), |peer| {
        Err(invalid(
            &header.id,
            "peers",
            "groupings of groupings.csv",
            peer.clone(),
        ))
    })
}
