//! Every way Kultti fails, by cause, with its fields and a stable code.
//!
//! The texts stand in the message catalogue (`language/messages.toml`) in three languages; `Display` is the English one.
//! An error says what is wrong, where, what was expected, what was found and what to do.

#[macro_use]
mod declare;
mod guard;
mod kind;
mod made;

pub(crate) use guard::guarded;
pub use kind::ErrorKind;

use crate::language::{Message, Param};

/// The result of anything in Kultti that can fail.
pub type Result<T, E = Error> = std::result::Result<T, E>;

errors! {
    /// The operating system could not read or write a file.
    Io, "K0101", Io {
        /// The file.
        path: String,
        /// What the system said.
        cause: String,
    }
    /// A file that is not a release of Kultti.
    NotARelease, "K0102", InvalidData {
        /// The file.
        path: String,
        /// What gave it away.
        reason: String,
    }
    /// A release whose content does not agree with what it says of itself.
    ReleaseAltered, "K0103", InvalidData {
        /// The file.
        path: String,
        /// The part that disagrees.
        part: String,
        /// What the release says.
        expected: String,
        /// What was found.
        found: String,
    }
    /// A text file that is not UTF-8.
    NotUtf8, "K0104", InvalidData {
        /// The file.
        path: String,
        /// The line with the first byte that is not, counted from 1.
        line: usize,
    }
    /// Rows that are not in the order of their keys, which a release is written in.
    Unsorted, "K0105", InvalidData {
        /// The file.
        path: String,
        /// The row, counted from 1.
        line: usize,
        /// The row before.
        before: String,
        /// The row that should have stood earlier.
        row: String,
    }
    /// A cell of a table that is not what its column holds.
    Cell, "K0201", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1 (the header is line 1).
        line: usize,
        /// Column name.
        column: String,
        /// What the column holds.
        expected: String,
        /// What stands there.
        found: String,
    }
    /// A table whose header lacks columns or has others.
    Header, "K0202", InvalidData {
        /// The file.
        path: String,
        /// The columns that the table must have.
        expected: Vec<String>,
        /// The columns found.
        found: Vec<String>,
    }
    /// A table that is not well-formed CSV.
    MalformedTable, "K0203", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// What the CSV reader said.
        cause: String,
    }
    /// Two observations with the same measure, period, area and territory.
    DuplicateObservation, "K0204", InvalidData {
        /// The file.
        path: String,
        /// The later line.
        line: usize,
        /// The key that stands twice.
        key: String,
        /// Where it stood first.
        first: String,
    }
    /// Area codes in a table that the territory does not know; all of them are listed and no row is dropped.
    UnknownAreasInTable, "K0205", InvalidData {
        /// The file.
        path: String,
        /// The first line with such a code.
        line: usize,
        /// Every unknown code.
        areas: Vec<String>,
        /// Codes like them.
        near: Vec<String>,
    }
    /// A measure in a table that the catalogue does not know.
    UnknownMeasureInTable, "K0206", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// The unknown id.
        measure: String,
        /// Ids like it.
        near: Vec<String>,
    }
    /// An observation outside the validity of its measure's definition.
    OutsideValidity, "K0207", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// The measure.
        measure: String,
        /// The observation's period.
        period: String,
        /// The validity of the definition.
        valid: String,
    }
    /// An area that did not exist on the borders its observation names.
    AreaOutsideTerritory, "K0208", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// The area.
        area: String,
        /// The date of the borders.
        territory: String,
    }
    /// A file that is not readable Parquet.
    MalformedParquet, "K0209", InvalidData {
        /// The file.
        path: String,
        /// What the Parquet reader said.
        cause: String,
    }
    /// A column of a Parquet table of another type.
    ColumnType, "K0210", InvalidData {
        /// The file.
        path: String,
        /// The column.
        column: String,
        /// The type that it must have.
        expected: String,
        /// The type found.
        found: String,
    }
    /// A file of a statistical office that cannot be read in its format.
    MalformedFile, "K0801", InvalidData {
        /// The file.
        path: String,
        /// The format, as `--from` names it.
        format: String,
        /// Line, counted from 1; row of a table without lines.
        line: usize,
        /// Column of the line, counted from 1 in characters; empty where only the line is known.
        column: String,
        /// The keyword, field or column of the table that is wrong; empty where there is none.
        part: String,
        /// What the format wants.
        expected: String,
        /// What stands there.
        found: String,
    }
    /// A file whose format neither its name nor its content tells.
    UnknownFormat, "K0802", InvalidData {
        /// The file.
        path: String,
        /// The formats that can be named.
        known: Vec<String>,
    }
    /// A cube that a format cannot hold at all.
    CannotHold, "K0803", InvalidData {
        /// The file to be written.
        path: String,
        /// The format.
        format: String,
        /// What it cannot hold.
        what: String,
        /// What to do instead.
        advice: String,
    }
    /// A mapping that lacks what an import needs, or names what the table does not have.
    ImportMapping, "K0804", InvalidData {
        /// The table.
        path: String,
        /// The field of the mapping's `[import]`.
        field: String,
        /// What it needs.
        expected: String,
        /// What it has.
        found: String,
        /// What may have been meant.
        near: Vec<String>,
    }
    /// A cell of a table that cannot be an observation.
    ImportedCell, "K0805", InvalidData {
        /// The table.
        path: String,
        /// The cell, by the code of its category in every dimension.
        cell: String,
        /// The part of the observation that breaks a rule.
        column: String,
        /// What it must be.
        expected: String,
        /// What it is.
        found: String,
    }
    /// A text or bracket of a PX file that has no end.
    PxUnterminated, "K0811", InvalidData {
        /// The file.
        path: String,
        /// Line where it begins, counted from 1.
        line: usize,
        /// Column where it begins, counted from 1.
        column: usize,
        /// The keyword.
        keyword: String,
    }
    /// A keyword that a PX file cannot do without.
    PxMissing, "K0812", InvalidData {
        /// The file.
        path: String,
        /// Line where it was missed, counted from 1.
        line: usize,
        /// The keyword, with what it must name.
        keyword: String,
    }
    /// A keyword of a PX file whose list is too short or too long.
    PxCount, "K0813", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// The keyword.
        keyword: String,
        /// How long the list must be.
        expected: String,
        /// How long it is.
        found: String,
    }
    /// A PX file with too few or too many figures.
    PxCells, "K0814", InvalidData {
        /// The file.
        path: String,
        /// Line where it was found out, counted from 1.
        line: usize,
        /// How many figures the values of the variables make.
        expected: String,
        /// How many there are.
        found: String,
    }
    /// A text in a PX file that names no variable or value of the table.
    PxUnknown, "K0815", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// The keyword.
        keyword: String,
        /// The text.
        text: String,
    }
    /// A name, code or row of a PX file that stands twice.
    PxTwice, "K0816", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// The keyword.
        keyword: String,
        /// What stands twice.
        text: String,
    }
    /// An encoding that nothing is known of.
    PxEncoding, "K0817", InvalidArgument {
        /// The file.
        path: String,
        /// Its name.
        name: String,
    }
    /// A text with a character that the encoding of a PX file does not have.
    PxUnencodable, "K0818", InvalidArgument {
        /// The file.
        path: String,
        /// The encoding.
        encoding: String,
        /// The character.
        character: String,
        /// The text.
        text: String,
    }
    /// A name that no encoding has.
    UnknownEncoding, "K0806", InvalidArgument {
        /// The name.
        name: String,
        /// Encodings with a like name; the usual ones where there is none.
        suggestions: Vec<String>,
    }
    /// A release where a table was wanted.
    IsRelease, "K0807", InvalidData {
        /// The file.
        path: String,
        /// The id that the release says it has.
        release: String,
    }
    /// A cell of a workbook that is not what its column holds.
    SheetCell, "K0841", InvalidData {
        /// The file.
        path: String,
        /// The cell, such as `Tiedot!B7`.
        cell: String,
        /// The column of the table.
        column: String,
        /// What the column holds.
        expected: Message,
        /// What stands there.
        found: String,
    }
    /// A cell of a table in text that is not what its column holds.
    TextCell, "K0848", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// The column of the table.
        column: String,
        /// What the column holds.
        expected: Message,
        /// What stands there.
        found: String,
    }
    /// A line of a table in text with more or fewer cells than the header.
    RowLength, "K0849", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// How many cells it has.
        cells: usize,
        /// How many the header has.
        columns: usize,
        /// The line of the header.
        header: usize,
    }
    /// A table that would be written over the file it is read from.
    OntoItself, "K0850", InvalidArgument {
        /// The file.
        path: String,
    }
    /// Two rows of a table with the same categories.
    DuplicateCell, "K0842", InvalidData {
        /// The file.
        path: String,
        /// The later line or row.
        line: usize,
        /// The line or row where the categories stood first.
        first: usize,
        /// The categories.
        key: String,
    }
    /// A table in which no column is one of figures.
    NoFigures, "K0843", InvalidData {
        /// The file.
        path: String,
        /// Its columns.
        columns: Vec<String>,
        /// The column that comes nearest; empty where none has anything like a number.
        near: String,
        /// The place of its first cell that is no number, such as `costs.csv:7` or `Tiedot!B7`.
        place: String,
        /// What stands there.
        found: String,
    }
    /// A mapping that names a column that the table does not have.
    UnknownColumn, "K0844", InvalidData {
        /// The mapping.
        path: String,
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The columns there are.
        known: Vec<String>,
    }
    /// A mapping with a field that does not fit another.
    MappingField, "K0845", InvalidData {
        /// The mapping.
        path: String,
        /// The field.
        field: String,
        /// What may stand there.
        expected: String,
        /// What stands there.
        found: String,
    }
    /// A result that is a list rather than a cube, in a format that holds cubes.
    ResultNotACube, "K0851", InvalidArgument {
        /// The format.
        format: String,
        /// The formats that hold it.
        known: Vec<String>,
    }
    /// A format that no terminal can show.
    BinaryToTerminal, "K0852", InvalidArgument {
        /// The format.
        format: String,
    }
    /// A data set that a file of several does not have.
    UnknownDataset, "K0821", NotFound {
        /// The file.
        path: String,
        /// The data set asked for.
        dataset: String,
        /// Those that it has.
        known: Vec<String>,
    }
    /// A data set of a collection that stands in another document.
    DatasetElsewhere, "K0822", InvalidData {
        /// The file.
        path: String,
        /// The data set asked for.
        dataset: String,
        /// Its address.
        href: String,
    }
    /// A file that is no workbook that can be read.
    NotAWorkbook, "K0846", InvalidData {
        /// The file.
        path: String,
        /// What it is instead.
        reason: Message,
    }
    /// A workbook that unpacks to more than its size allows, as an archive made to fill a memory does.
    Oversized, "K0847", InvalidData {
        /// The file.
        path: String,
        /// The part of the workbook where the limit was passed.
        part: String,
        /// The limit in bytes.
        limit: String,
    }
    /// A text file that is not valid TOML.
    MalformedToml, "K0301", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
        /// What the TOML reader said.
        cause: String,
    }
    /// A label or definition that lacks a language.
    MissingText, "K0302", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// The item.
        id: String,
        /// The field.
        field: String,
        /// The language that is missing.
        language: String,
    }
    /// An id that is declared twice.
    DuplicateId, "K0303", InvalidData {
        /// The file.
        path: String,
        /// The later line.
        line: usize,
        /// The id.
        id: String,
    }
    /// A reference to something that is not declared.
    UnknownReference, "K0304", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
        /// The item that refers.
        id: String,
        /// The field that refers.
        field: String,
        /// What it refers to.
        reference: String,
        /// What it may have meant.
        near: Vec<String>,
    }
    /// A formula that cannot be read.
    FormulaSyntax, "K0305", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
        /// The indicator.
        id: String,
        /// What may stand there.
        expected: String,
        /// What stands there.
        found: String,
    }
    /// Units that do not fit: a sum of different ones, or a result that is not what the indicator declares.
    UnitMismatch, "K0306", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
        /// The indicator.
        id: String,
        /// The unit that was needed.
        expected: String,
        /// The unit found.
        found: String,
    }
    /// A formula that mixes scopes: a function outside the declared scope, missing from it, or counted twice.
    ScopeMixture, "K0307", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
        /// The indicator.
        id: String,
        /// The declared scope.
        scope: String,
        /// The function that does not fit.
        found: String,
    }
    /// Indicators that define one another in a circle.
    Cycle, "K0308", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
        /// The ids along the circle.
        ids: Vec<String>,
    }
    /// A value of a catalogue or territory field that is not allowed.
    InvalidField, "K0309", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// The item.
        id: String,
        /// The field.
        field: String,
        /// What may stand there.
        expected: String,
        /// What stands there.
        found: String,
    }
    /// An area that no one knows.
    UnknownArea, "K0401", NotFound {
        /// What was asked for.
        area: String,
        /// Areas like it.
        near: Vec<String>,
    }
    /// A name that several areas have.
    AmbiguousArea, "K0402", NotFound {
        /// What was asked for.
        area: String,
        /// The areas it may mean.
        candidates: Vec<String>,
    }
    /// An area that does not exist on the borders asked for.
    AreaNotInTerritory, "K0403", NotFound {
        /// The area.
        area: String,
        /// The date of the borders.
        territory: String,
        /// The last or first day it existed.
        until: String,
        /// The area that it became part of.
        successor: String,
    }
    /// An indicator that no one knows.
    UnknownIndicator, "K0404", NotFound {
        /// What was asked for.
        indicator: String,
        /// Indicators like it.
        near: Vec<String>,
    }
    /// A grouping that no one knows.
    UnknownGrouping, "K0405", NotFound {
        /// What was asked for.
        grouping: String,
        /// Groupings there are.
        near: Vec<String>,
    }
    /// A group that its grouping does not have.
    UnknownGroup, "K0406", NotFound {
        /// The grouping.
        grouping: String,
        /// What was asked for.
        group: String,
        /// Groups there are.
        near: Vec<String>,
    }
    /// A price index that the release does not have.
    UnknownPriceIndex, "K0407", NotFound {
        /// What was asked for.
        index: String,
        /// Indices there are.
        near: Vec<String>,
    }
    /// An indicator that is declared but has no observations in this release.
    NoData, "K0408", NotFound {
        /// The indicator.
        indicator: String,
        /// The measures without observations.
        measures: Vec<String>,
    }
    /// A period in which the indicator has no observations.
    NoDataForPeriod, "K0409", NotFound {
        /// The indicator.
        indicator: String,
        /// The period asked for.
        period: String,
        /// The periods there are.
        available: String,
    }
    /// An area that did not exist yet on the borders asked for.
    AreaNotBegun, "K0410", NotFound {
        /// The area.
        area: String,
        /// The date of the borders.
        territory: String,
        /// The first day it existed.
        from: String,
    }
    /// An argument that cannot be read.
    InvalidArgument, "K0501", InvalidArgument {
        /// The argument.
        name: String,
        /// What may be given.
        expected: String,
        /// What was given.
        found: String,
    }
    /// A ranking of an indicator without a direction needs to be told which end comes first.
    OrderRequired, "K0502", InvalidArgument {
        /// The indicator.
        indicator: String,
    }
    /// An aggregate that the indicator does not allow.
    AggregateRefused, "K0503", InvalidArgument {
        /// The indicator.
        indicator: String,
        /// The aggregate asked for.
        aggregate: String,
        /// Why not.
        reason: Message,
    }
    /// Real prices of something that is not in euros.
    NotMoney, "K0504", InvalidArgument {
        /// The indicator.
        indicator: String,
        /// Its unit.
        unit: String,
    }
    /// A price index that lacks a year which is needed.
    PriceIndexYear, "K0505", InvalidArgument {
        /// The index.
        index: String,
        /// The year that is missing.
        year: String,
        /// The years there are.
        available: String,
    }
    /// Borders of the period for a time before the territory's borders are known.
    ThenRefused, "K0506", InvalidArgument {
        /// The period.
        period: String,
        /// The first date whose borders are known.
        first: String,
    }
    /// A grouping in a year in which it was not in force.
    GroupingOutsideValidity, "K0507", InvalidArgument {
        /// The grouping.
        grouping: String,
        /// The year asked for.
        year: String,
        /// The years in which it is valid.
        valid: String,
    }
    /// A question about an area that names none.
    AreaRequired, "K0519", InvalidArgument {
        /// How to ask about a group instead, where that is possible.
        group: String,
    }
    /// A method that the figures do not allow.
    MethodRefused, "K0508", InvalidArgument {
        /// The indicator.
        indicator: String,
        /// What was asked for.
        method: Message,
        /// Why not, and what to do.
        reason: Message,
    }
    /// A decomposition by logarithms of a sum that is not positive.
    FactorNotPositive, "K0731", InvalidArgument {
        /// The indicator.
        indicator: String,
        /// The group.
        group: String,
        /// The period.
        period: String,
        /// The sum.
        found: String,
    }
    /// A peer model that no one knows.
    UnknownPeerModel, "K0721", NotFound {
        /// What was asked for.
        model: String,
        /// Models like it.
        near: Vec<String>,
    }
    /// A variable of a peer model that does not differ between the candidates, so that it cannot liken them.
    PeerVariableWithoutSpread, "K0722", InvalidArgument {
        /// The variable.
        variable: String,
        /// Its period.
        period: String,
        /// How many of the candidates have a value.
        n: String,
    }
    /// A variable whose logarithm is asked for though it has values that have none.
    PeerVariableNotPositive, "K0723", InvalidArgument {
        /// The variable.
        variable: String,
        /// Its period.
        period: String,
        /// The areas with a value of 0 or less.
        areas: Vec<String>,
    }
    /// Fewer municipalities to choose peers from than peers asked for.
    TooFewCandidates, "K0724", InvalidArgument {
        /// The area that peers are looked for.
        area: String,
        /// Peers asked for.
        asked: String,
        /// Candidates there are.
        found: String,
        /// Where they were looked for.
        candidates: String,
    }
    /// An area that lacks too many of the variables to be likened to any other.
    AreaWithoutVariables, "K0725", InvalidArgument {
        /// The area.
        area: String,
        /// The variables without a value, each with its period.
        variables: Vec<String>,
        /// The share of the weights that it has values for.
        share: String,
        /// The smallest share allowed.
        least: String,
    }
    /// Too many areas whose figure has no logarithm.
    TooManyNotPositive, "K0741", InvalidArgument {
        /// The indicator.
        indicator: String,
        /// How many areas.
        count: usize,
        /// Of how many.
        n: usize,
        /// The areas.
        areas: Vec<String>,
    }
    /// A variable that is a combination of others.
    CollinearVariables, "K0742", InvalidArgument {
        /// The indicator.
        indicator: String,
        /// The variable.
        variable: String,
        /// The variables that it is a combination of.
        with: Vec<String>,
    }
    /// A cost that would be explained by itself.
    CircularVariable, "K0743", InvalidArgument {
        /// The indicator.
        indicator: String,
        /// The variable.
        variable: String,
        /// The measures that are in both.
        measures: Vec<String>,
    }
    /// Too few areas for so many variables.
    TooFewAreas, "K0744", InvalidArgument {
        /// The indicator.
        indicator: String,
        /// Areas there are.
        n: usize,
        /// Areas needed.
        needed: usize,
        /// The number of variables.
        variables: usize,
    }
    /// A variable that is the same everywhere.
    RegressorWithoutSpread, "K0745", InvalidArgument {
        /// The indicator.
        indicator: String,
        /// The variable.
        variable: String,
    }
    /// The logarithm of a variable that is zero or negative somewhere.
    RegressorNotPositive, "K0746", InvalidArgument {
        /// The indicator.
        indicator: String,
        /// The variable.
        variable: String,
        /// The areas.
        areas: Vec<String>,
    }
    /// A break without a chaining factor.
    NoChainingFactor, "K0732", InvalidArgument {
        /// The indicator.
        indicator: String,
        /// The area.
        area: String,
        /// The first period of the new kind.
        period: String,
    }
    /// One chaining factor for a series with several breaks.
    SeveralBreaks, "K0733", InvalidArgument {
        /// The indicator.
        indicator: String,
        /// The area.
        area: String,
        /// The first periods of the new kinds.
        periods: Vec<String>,
    }
    /// A cost of which no use is declared.
    NoPair, "K0747", NotFound {
        /// The indicator.
        indicator: String,
        /// Costs with a declared use.
        near: Vec<String>,
    }
    /// An indicator that is no sum, asked what it is made of.
    NoParts, "K0923", InvalidArgument {
        /// The indicator.
        indicator: String,
        /// Its formula.
        formula: String,
        /// Indicators that are sums.
        near: Vec<String>,
    }
    /// What the engine of expressions cannot do, though it should.
    Engine, "K1021", InvalidData {
        /// What it said.
        cause: String,
    }
    /// An expression of a rule that cannot be read, or has what no expression may have.
    RuleExpression, "K1022", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
        /// The rule.
        id: String,
        /// What may stand there.
        expected: Message,
        /// What stands there.
        found: String,
        /// What may have been meant.
        near: Vec<String>,
    }
    /// A rule without what its kind needs, or with what its kind has no use for.
    RuleField, "K1023", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// The rule.
        id: String,
        /// The field.
        field: String,
        /// What may stand there.
        expected: Message,
        /// What stands there.
        found: String,
    }
    /// A format that only checks of forms are written in.
    OnlyOfChecks, "K1024", InvalidArgument {
        /// The format.
        format: String,
    }
    /// A package of Python that is not installed.
    MissingPackage, "K0931", NotFound {
        /// The package.
        package: String,
        /// The extra of Kultti that brings it.
        extra: String,
    }
    /// A frame without a column that observations need.
    FrameColumn, "K0901", InvalidData {
        /// The frame.
        path: String,
        /// The column.
        column: String,
        /// The columns there are.
        known: Vec<String>,
        /// Those like it.
        near: Vec<String>,
    }
    /// A column of a frame that is none of observations and is nearly called like one.
    FrameColumnNear, "K0902", InvalidData {
        /// The frame.
        path: String,
        /// The column.
        column: String,
        /// What it is nearly called.
        near: String,
    }
    /// Statuses, reasons or notes beside several columns of figures.
    FrameStatus, "K0903", InvalidData {
        /// The frame.
        path: String,
        /// The column of statuses, reasons or notes.
        column: String,
        /// The columns of figures.
        figures: Vec<String>,
    }
    /// A result that has no chart, to be written as one.
    ResultWithoutChart, "K0921", InvalidArgument {
        /// The file.
        path: String,
        /// The verbs whose results have one.
        known: Vec<String>,
    }
    /// A format that charts are not written in.
    UnknownChartFormat, "K0922", InvalidArgument {
        /// The file.
        path: String,
        /// The endings that are known.
        known: Vec<String>,
    }
    /// A picture whose letters no font of this machine has.
    NoFont, "K0941", NotFound {
        /// The file.
        path: String,
        /// The first of the letters.
        letters: Vec<String>,
    }
    /// A PDF without a browser to print it.
    NoBrowser, "K0942", NotFound {
        /// The programs that were looked for.
        looked: Vec<String>,
    }
    /// A browser that printed no PDF.
    BrowserFailed, "K0943", Io {
        /// The browser.
        browser: String,
        /// What went wrong.
        reason: Message,
    }
    /// A picture as PNG, from a program that was built without it.
    WithoutPng, "K0944", InvalidArgument {
        /// The file.
        path: String,
    }
    /// A folder of templates in which none has a name that is known.
    UnknownTemplate, "K0951", InvalidArgument {
        /// The folder.
        folder: String,
        /// What it holds.
        found: Vec<String>,
        /// The names that are known.
        known: Vec<String>,
    }
    /// A format that a report is not written in.
    ReportFormat, "K0953", InvalidArgument {
        /// The format, or the file whose ending should have said it.
        found: String,
        /// The formats.
        known: Vec<String>,
    }
    /// A format that only reports have.
    OnlyOfReports, "K0954", InvalidArgument {
        /// The format.
        format: String,
    }
    /// A file that is not a round of a collection.
    NotARound, "K1001", InvalidData {
        /// The file.
        path: String,
        /// What gave it away.
        reason: String,
    }
    /// A part of a round that breaks a rule.
    RoundField, "K1002", InvalidData {
        /// The file.
        path: String,
        /// The part.
        field: String,
        /// What belongs there.
        expected: String,
        /// What stands there.
        found: String,
    }
    /// Something that a recipe of a round names and that cannot be used, with its place.
    RoundReference, "K1003", InvalidData {
        /// The file.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
        /// Why.
        reason: Message,
    }
    /// An area of which a round expects nothing.
    NotAReporter, "K1004", NotFound {
        /// The area as given.
        area: String,
        /// The round.
        round: String,
        /// Reporters with a like code or name.
        near: Vec<String>,
    }
    /// The round of a form was found nowhere.
    RoundNotFound, "K1005", NotFound {
        /// The form.
        path: String,
        /// The round that it is of.
        round: String,
        /// Where it was looked for.
        looked: Vec<String>,
    }
    /// A form of another round than the one that it is read by.
    OtherRound, "K1006", InvalidData {
        /// The form.
        path: String,
        /// The round.
        expected: String,
        /// The round that the form is of.
        found: String,
    }
    /// A form of the same round in another version: its file has changed since the form was made, or before.
    RoundChanged, "K1007", InvalidData {
        /// The form.
        path: String,
        /// The round.
        round: String,
        /// The file of the round that was found.
        file: String,
        /// SHA-256 of that file.
        expected: String,
        /// SHA-256 of the file that the form was made from.
        found: String,
    }
    /// A form that names two areas.
    TwoAreas, "K1008", InvalidData {
        /// The form.
        path: String,
        /// Where the other stands.
        place: String,
        /// The area that the form was made for.
        expected: String,
        /// The other.
        found: String,
    }
    /// A file that is not a form of Kultti, or no longer.
    NotAForm, "K1009", InvalidData {
        /// The file.
        path: String,
        /// What gave it away.
        reason: Message,
    }
    /// A form whose rows or sheets are not where they were.
    FormStructure, "K1010", InvalidData {
        /// The form.
        path: String,
        /// Where.
        place: String,
        /// What belongs there.
        expected: String,
        /// What stands there.
        found: String,
    }
    /// A format that forms are not written in.
    FormFormat, "K1011", InvalidArgument {
        /// The format, or the file whose ending should have said it.
        found: String,
        /// The formats.
        known: Vec<String>,
    }
    /// A template that cannot be read or rendered.
    TemplateFailed, "K0952", InvalidData {
        /// The template.
        template: String,
        /// The line.
        line: usize,
        /// What is wrong.
        reason: String,
    }
    /// A folder that holds other things than a site made before.
    SiteFolder, "K0961", InvalidArgument {
        /// The folder.
        folder: String,
        /// The first of what it holds.
        found: String,
    }
    /// The list of files of a site made before cannot be read.
    SiteManifest, "K0962", InvalidData {
        /// The list.
        path: String,
        /// What is wrong.
        reason: String,
    }
    /// An address that no site can have.
    SiteAddress, "K0963", InvalidArgument {
        /// The address.
        url: String,
    }
    /// Somebody else added lines to the ledger first.
    LedgerConflict, "K1041", Conflict {
        /// The ledger.
        address: String,
        /// The version that both wanted to make.
        version: String,
    }
    /// No ledger where one was looked for.
    NoLedger, "K1042", NotFound {
        /// Where it was looked for.
        address: String,
        /// What is there instead.
        found: Message,
    }
    /// A Delta table that is not a ledger.
    NotALedger, "K1043", InvalidData {
        /// The table.
        address: String,
        /// The columns of a ledger that it lacks or has of another type.
        lacking: Vec<String>,
    }
    /// A ledger where a new one was to be made.
    LedgerExists, "K1044", InvalidArgument {
        /// The ledger.
        address: String,
    }
    /// A ledger that takes a newer program to read.
    LedgerNewer, "K1045", InvalidData {
        /// The ledger.
        address: String,
        /// What this program does not know.
        found: String,
    }
    /// A ledger with a file that is not there or cannot be read.
    LedgerDamaged, "K1046", InvalidData {
        /// The ledger.
        address: String,
        /// What is wrong with which file.
        cause: String,
    }
    /// An address of a store that there is not.
    UnknownStore, "K1047", InvalidArgument {
        /// The address.
        address: String,
        /// What addresses may begin with.
        known: Vec<String>,
        /// What it may have been meant to begin with.
        near: Vec<String>,
    }
    /// A version of a ledger that does not exist.
    LedgerVersion, "K1048", NotFound {
        /// The ledger.
        address: String,
        /// The version asked for.
        version: String,
        /// The newest there is.
        newest: String,
    }
    /// A line of a ledger with a name that is not known.
    LedgerCell, "K1049", InvalidData {
        /// The ledger.
        address: String,
        /// The version that the line came with.
        sequence: String,
        /// Its place in that commit, counted from 0.
        line: String,
        /// The column.
        column: String,
        /// What stands there.
        found: String,
    }
    /// A commit without lines.
    NothingToRecord, "K1050", InvalidArgument {
        /// The ledger.
        address: String,
    }
    /// A line that a ledger does not take.
    UnsoundEntry, "K1051", InvalidArgument {
        /// Its place among the lines given, counted from 0.
        line: usize,
        /// Its area.
        area: String,
        /// Its measure; empty where it has none.
        measure: String,
        /// What is wrong with it.
        reason: Message,
    }
    /// An act that changes what others rely on, without a reason.
    ReasonRequired, "K1061", InvalidArgument {
        /// The act.
        what: Message,
    }
    /// A form with cells that cannot be read as figures.
    UnreadableCells, "K1062", InvalidData {
        /// The form.
        path: String,
        /// The cells.
        places: Vec<String>,
    }
    /// A form that comes before a round opens or after it closes.
    RoundNotOpen, "K1063", InvalidArgument {
        /// The round.
        round: String,
        /// Its first day.
        opens: String,
        /// Its last; empty where there is none.
        closes: String,
        /// The day of the act.
        found: String,
    }
    /// A measure that a round does not ask for.
    NotAsked, "K1064", NotFound {
        /// The measure as given.
        measure: String,
        /// The round.
        round: String,
        /// Like measures that it asks for.
        near: Vec<String>,
    }
    /// A figure that was to be corrected and has not been approved.
    NotApproved, "K1065", InvalidArgument {
        /// The area.
        area: String,
        /// The measure.
        measure: String,
    }
    /// An area that was to be approved and has open errors.
    OpenFindings, "K1066", InvalidArgument {
        /// The area.
        area: String,
        /// The findings.
        findings: Vec<String>,
    }
    /// A finding that is not among the open ones.
    UnknownFinding, "K1067", NotFound {
        /// The finding as given.
        finding: String,
        /// The round.
        round: String,
        /// Like findings.
        near: Vec<String>,
    }
    /// An act without an author.
    AuthorRequired, "K1068", InvalidArgument {}
    /// No ledger was named.
    LedgerRequired, "K1069", InvalidArgument {}
    /// A ledger with figures of a round whose file was not found.
    RoundsMissing, "K1070", NotFound {
        /// The ledger.
        ledger: String,
        /// The rounds.
        rounds: Vec<String>,
    }
    /// Text that is no SQL.
    SqlSyntax, "K1081", InvalidArgument {
        /// Line, counted from 1; empty where it is not known.
        line: String,
        /// Column, counted from 1.
        column: String,
        /// What may stand there; empty where it is not known.
        expected: String,
        /// What stands there.
        found: String,
    }
    /// A statement that is no question.
    SqlStatement, "K1082", InvalidArgument {
        /// Its first words.
        statement: String,
    }
    /// Several statements, or none.
    SqlStatements, "K1083", InvalidArgument {
        /// How many.
        count: usize,
    }
    /// A table or view that no one knows.
    SqlTable, "K1084", NotFound {
        /// The table as given.
        table: String,
        /// Tables like it.
        near: Vec<String>,
    }
    /// A column that none of the tables of a query has.
    SqlColumn, "K1085", NotFound {
        /// The column as given.
        column: String,
        /// Columns like it, as SQL writes them.
        near: Vec<String>,
    }
    /// A function that SQL does not know.
    SqlFunction, "K1086", NotFound {
        /// The function as given.
        function: String,
        /// Functions like it.
        near: Vec<String>,
    }
    /// An argument that a table function does not take.
    FunctionArgument, "K1087", InvalidArgument {
        /// The function, as it is to be called.
        signature: String,
        /// What it takes in that place.
        expected: Message,
        /// What was given.
        found: String,
    }
    /// A query that needs more memory than it may have.
    SqlMemory, "K1088", InvalidArgument {
        /// The limit.
        limit: String,
    }
    /// A query that has no meaning: types that do not fit, columns that are not grouped.
    SqlMeaning, "K1089", InvalidArgument {
        /// What the engine said.
        cause: String,
    }
    /// A query that failed while it was computed.
    SqlExecution, "K1090", InvalidData {
        /// What the engine said.
        cause: String,
    }
    /// A name for a table of one's own that a table or function of the release has.
    TableTaken, "K1091", InvalidArgument {
        /// The name.
        name: String,
    }
    /// A name for a table of one's own that SQL would not read as a name.
    TableName, "K1092", InvalidArgument {
        /// The name.
        name: String,
    }
    /// A file that is no table.
    OwnTable, "K1093", InvalidData {
        /// The file.
        path: String,
        /// What it was read as.
        format: String,
        /// What is wrong.
        cause: String,
    }
    /// A measure that no one knows.
    UnknownMeasure, "K1094", NotFound {
        /// The measure as given.
        measure: String,
        /// Measures like it.
        near: Vec<String>,
    }
    /// An answer with two columns of one name, where columns are found by it.
    RepeatedColumn, "K1101", InvalidArgument {
        /// The name.
        column: String,
    }
    /// A line of the SQL shell that begins with a dot and is no command of it.
    UnknownCommand, "K1102", InvalidArgument {
        /// The command as given.
        command: String,
        /// The commands.
        known: Vec<String>,
    }
    /// Files of statements that read one another without end.
    ReadsItself, "K1103", InvalidArgument {
        /// The file.
        path: String,
    }
    /// An address where only files can be read and written.
    FilesOnly, "K1111", InvalidArgument {
        /// The address.
        address: String,
    }
    /// An address that lacks a part, or has one that nothing can be done with.
    AddressSyntax, "K1112", InvalidArgument {
        /// The address.
        address: String,
        /// How such an address is written.
        expected: String,
    }
    /// Nothing at an address.
    NoSuchObject, "K1113", NotFound {
        /// The address.
        address: String,
        /// Names like it, beside it.
        near: Vec<String>,
    }
    /// A bucket or container that does not exist.
    NoSuchBucket, "K1114", NotFound {
        /// The address.
        address: String,
        /// The bucket.
        bucket: String,
    }
    /// A store that wants credentials, and none were found.
    NoCredentials, "K1115", Io {
        /// The address.
        address: String,
        /// The variables of the environment that they may stand in.
        variables: Vec<String>,
    }
    /// Credentials that a store does not accept.
    CredentialsRefused, "K1116", Io {
        /// The address.
        address: String,
        /// What the store said.
        said: String,
        /// The variables of the environment that they stand in.
        variables: Vec<String>,
    }
    /// Credentials that are good, and not for this.
    AccessDenied, "K1117", Io {
        /// The address.
        address: String,
        /// What the store said.
        said: String,
    }
    /// A store that does not answer.
    StoreUnreachable, "K1118", Io {
        /// The address.
        address: String,
        /// The server, where the environment names one.
        server: String,
        /// What the system said.
        cause: String,
    }
    /// A store that answers with an error.
    StoreFailed, "K1119", Io {
        /// The address.
        address: String,
        /// What it said.
        said: String,
    }
    /// A bucket of another region than the one that it was looked for in.
    WrongRegion, "K1120", InvalidArgument {
        /// The address.
        address: String,
        /// The region of the environment; empty where it names none.
        region: String,
    }
    /// A server without encryption that nobody has allowed.
    PlainHttp, "K1121", InvalidArgument {
        /// The server.
        endpoint: String,
        /// The variable of the environment that allows it.
        setting: String,
    }
    /// A setting of the environment that a store cannot use.
    StoreSetting, "K1122", InvalidArgument {
        /// The address.
        address: String,
        /// What is wrong.
        cause: String,
    }
    /// A store that lets a second writer take the first one's place without saying so.
    UnsafeStore, "K1123", InvalidArgument {
        /// The address.
        address: String,
    }
    /// A scheduler that cannot be reached.
    ClusterUnreachable, "K1131", Io {
        /// Its address.
        address: String,
        /// What the network said.
        cause: String,
    }
    /// A scheduler that does not answer any more.
    ClusterLost, "K1132", Io {
        /// Its address.
        address: String,
        /// What the network said.
        cause: String,
    }
    /// Somebody in a cluster is of another version of Kultti, or not of Kultti.
    OtherKulttiVersion, "K1133", Io {
        /// Who.
        who: String,
        /// The version that it should have.
        expected: String,
        /// The version that it has; `?` where it says none.
        found: String,
    }
    /// A cluster without executors.
    NoExecutors, "K1134", Io {
        /// The address of its scheduler.
        address: String,
    }
    /// An executor that cannot open the release.
    ExecutorWithoutRelease, "K1135", Io {
        /// The executor.
        executor: String,
        /// Where the release should be.
        release: String,
        /// Why it cannot be opened.
        cause: String,
    }
    /// An executor that finds another release in the place of the one asked about.
    ExecutorWithOtherRelease, "K1136", InvalidData {
        /// The executor.
        executor: String,
        /// Where the release should be.
        release: String,
        /// The id of the release asked about.
        expected: String,
        /// The id of the one that is there.
        found: String,
    }
    /// A release that executors cannot open, as it is in no file.
    ReleaseWithoutAddress, "K1137", InvalidArgument {}
    /// A job that a cluster could not do.
    ClusterJobFailed, "K1138", Io {
        /// The address of the scheduler.
        address: String,
        /// Why not.
        cause: String,
    }
    /// An answer of a cluster that is not what was asked for.
    ClusterAnswer, "K1139", InvalidData {
        /// What does not agree.
        part: String,
        /// What the plan says.
        expected: String,
        /// What came.
        found: String,
    }
    /// A port that a process of a cluster cannot listen at.
    CannotListen, "K1140", Io {
        /// The address of the machine, and the port.
        address: String,
        /// What the system said.
        cause: String,
    }
    /// A result that was computed and can be fetched no more.
    ResultLost, "K1141", Io {
        /// The executor that held it.
        executor: String,
        /// What the network said.
        cause: String,
    }
    /// Work that was ended by whoever asked for it, before it was done.
    Interrupted, "K0601", Interrupted {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_is_unique_and_has_texts() {
        let codes: BTreeSet<_> = Error::CODES.iter().collect();
        assert_eq!(codes.len(), Error::CODES.len());
        let texts: BTreeSet<_> = crate::language::all_codes().collect();
        for code in Error::CODES {
            assert!(texts.contains(code), "{code} has no text");
        }
        for code in texts.iter().filter(|code| code.starts_with('K')) {
            assert!(
                Error::CODES.contains(code),
                "{code} is in messages.toml but no error has it"
            );
        }
    }

    #[test]
    fn an_error_names_what_where_expected_and_found() {
        let error = Error::Cell {
            path: "costs.csv".into(),
            line: 7,
            column: "value".into(),
            expected: "a number".into(),
            found: "12,5".into(),
        };
        for part in ["costs.csv", "7", "value", "a number", "12,5"] {
            assert!(
                error.to_string().contains(part),
                "{part} is missing from: {error}"
            );
        }
    }
}
