//! Where statements and commands begin and end in what is typed, piped or read from a file.

/// What a shell is told to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A line that begins with a dot.
    Command(String),
    /// A statement of SQL, without its semicolon.
    Statement(String),
}

/// Takes the first whole item from the front of a text; `None` while more of it must come.
pub(super) fn take(text: &mut String) -> Option<Item> {
    loop {
        let blank = blank(text);
        text.drain(..blank);
        if text.starts_with('.') {
            let line = text.find('\n')?;
            let command: String = text.drain(..=line).collect();
            return Some(Item::Command(command.trim().to_owned()));
        }
        let statement: String = text.drain(..end(text)?).collect();
        let statement = statement.trim_end_matches(';').trim();
        // Semicolons may stand alone.
        if !statement.is_empty() {
            return Some(Item::Statement(statement.to_owned()));
        }
    }
}

/// What stands at the end of a text without a semicolon or a line break.
pub(super) fn rest(mut text: String) -> Option<Item> {
    text.push('\n');
    if let Some(item) = take(&mut text) {
        return Some(item);
    }
    let statement = text.trim();
    (!statement.is_empty()).then(|| Item::Statement(statement.to_owned()))
}

/// Whether nothing must be added to what was typed so far.
pub(super) fn is_whole(text: &str) -> bool {
    let blank = blank(text);
    let text = &text[blank..];
    if text.is_empty() || text.starts_with('.') {
        return true;
    }
    end(text).is_some_and(|end| is_whole(&text[end..]))
}

/// How far blanks and comments go at the beginning of a text.
fn blank(text: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let next = rest.len() - rest.trim_start().len();
        at += next;
        let rest = &text[at..];
        let comment = rest.starts_with("--") || rest.starts_with("/*");
        match token(rest).filter(|_| comment) {
            Some(length) => at += length,
            None => return at,
        }
    }
}

/// The place behind the first semicolon that is in no quotation and no comment.
fn end(text: &str) -> Option<usize> {
    let mut at = 0;
    while at < text.len() {
        let length = token(&text[at..])?;
        at += length;
        if text[at - length..].starts_with(';') {
            return Some(at);
        }
    }
    None
}

/// The length of a quotation, a comment or any other character at the beginning of a text; `None` where it does not end.
pub(super) fn token(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    match first {
        // A quotation mark within is written twice, which reads as two quotations.
        '\'' | '"' => text[1..].find(first).map(|length| length + 2),
        '-' if text.starts_with("--") => text.find('\n').map(|length| length + 1),
        '/' if text.starts_with("/*") => comment(text),
        _ => Some(first.len_utf8()),
    }
}

/// The length of a comment in `/* */`, which may hold others.
fn comment(text: &str) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, 0);
    loop {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += rest.chars().next()?.len_utf8();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> (Vec<Item>, String) {
        let mut text = text.to_owned();
        let mut items = Vec::new();
        while let Some(item) = take(&mut text) {
            items.push(item);
        }
        (items, text)
    }

    fn statement(text: &str) -> Item {
        Item::Statement(text.to_owned())
    }

    #[test]
    fn semicolons_end_statements_outside_quotations_and_comments() {
        let text =
            "SELECT ';', 'it''s;' AS \"a;b\" -- not ; here\n/* nor /* ; */ here; */ ;\nSELECT 2; SELECT";
        let (found, left) = items(text);
        assert_eq!(
            found,
            [
                statement("SELECT ';', 'it''s;' AS \"a;b\" -- not ; here\n/* nor /* ; */ here; */"),
                statement("SELECT 2")
            ]
        );
        assert_eq!(left, "SELECT");
        assert_eq!(rest(left), Some(statement("SELECT")));
    }

    #[test]
    fn a_line_with_a_dot_is_a_command_only_where_a_statement_may_begin() {
        let (found, left) = items("-- first\n.tables\n;;\n.read a b.sql \nSELECT 1\n.5;\n");
        assert_eq!(
            found,
            [
                Item::Command(".tables".to_owned()),
                Item::Command(".read a b.sql".to_owned()),
                statement("SELECT 1\n.5")
            ]
        );
        assert_eq!(left, "");
        assert_eq!(rest(".quit".to_owned()), Some(Item::Command(".quit".to_owned())));
        assert_eq!(rest(" -- nothing".to_owned()), None);
    }

    #[test]
    fn what_is_typed_is_whole_when_its_last_statement_ends() {
        for text in [
            "",
            " \n",
            ".tables",
            "SELECT 1;",
            "SELECT 1; -- done\n",
            "SELECT ';';\nSELECT 'ä';",
        ] {
            assert!(is_whole(text), "{text:?}");
        }
        for text in [
            "SELECT 1",
            "SELECT ';",
            "SELECT 1; SELECT",
            "SELECT 1 /* ;",
            "SELECT \"a;",
        ] {
            assert!(!is_whole(text), "{text:?}");
        }
    }
}
