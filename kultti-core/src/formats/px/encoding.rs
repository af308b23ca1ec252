//! The encoding of a PX file: byte order mark, CODEPAGE, or what a file without it must be.

use encoding_rs::{Encoding, UTF_8};
use std::borrow::Cow;

/// Bytes 128 to 255 of code page 850, in which PC-Axis for DOS wrote files in Western Europe.
const CP850: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}";

/// The same of code page 437, of the United States.
const CP437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

/// How the texts of a file are coded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::formats) enum Codepage {
    /// One that browsers know.
    Known(&'static Encoding),
    /// One of DOS: its name and the characters of bytes 128 to 255.
    Dos(&'static str, &'static str),
}

/// Why a file is read in its encoding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// The byte order mark or the keyword says so.
    Stated,
    /// Neither says anything; what the format lays down.
    Default,
    /// CODEPAGE says UTF-8, and the bytes are not.
    NotUtf8,
    /// CODEPAGE says another one, and the bytes are UTF-8 beyond doubt. CODEPAGE decides.
    LooksLikeUtf8,
    /// CODEPAGE has a name that nobody knows.
    UnknownName,
}

impl Codepage {
    /// By the name in CODEPAGE.
    pub(in crate::formats) fn of_label(label: &str) -> Option<Self> {
        let name = label.trim().to_ascii_lowercase();
        let bare = name
            .trim_start_matches("ibm")
            .trim_start_matches("cp")
            .trim_start_matches("dos-")
            .trim_start_matches(['-', '_']);
        match bare {
            "850" | "858" => return Some(Self::Dos("IBM850", CP850)),
            "437" => return Some(Self::Dos("IBM437", CP437)),
            "65001" => return Some(Self::Known(UTF_8)),
            _ => {}
        }
        let windows = bare.len() == 4 && bare.starts_with("125");
        let label = if windows { format!("windows-{bare}") } else { name };
        Encoding::for_label(label.as_bytes()).map(Self::Known)
    }

    /// The name that the IANA registers for it.
    pub(in crate::formats) fn name(self) -> &'static str {
        match self {
            Self::Known(encoding) => encoding.name(),
            Self::Dos(name, _) => name,
        }
    }

    /// Whether quotes, semicolons and digits are the bytes of ASCII, so that a file can be cut up before it is decoded.
    pub(super) fn is_ascii_compatible(self) -> bool {
        match self {
            Self::Known(encoding) => encoding.is_ascii_compatible(),
            Self::Dos(..) => true,
        }
    }

    /// The text of these bytes. A byte that stands for no character becomes U+FFFD.
    pub(in crate::formats) fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        match self {
            Self::Known(encoding) => encoding.decode_without_bom_handling(bytes).0,
            Self::Dos(_, upper) => {
                if bytes.is_ascii() {
                    return String::from_utf8_lossy(bytes);
                }
                let character = |byte: &u8| match byte.checked_sub(128) {
                    None => char::from(*byte),
                    Some(above) => upper.chars().nth(usize::from(above)).unwrap_or('\u{fffd}'),
                };
                Cow::Owned(bytes.iter().map(character).collect())
            }
        }
    }

    /// Whether some of these bytes stand for no character.
    pub(in crate::formats) fn lacks(self, bytes: &[u8]) -> bool {
        match self {
            Self::Known(encoding) => encoding.decode_without_bom_handling(bytes).1,
            Self::Dos(..) => false,
        }
    }

    /// The bytes of a text; the first character that the encoding lacks is the error.
    pub(super) fn encode(self, text: &str) -> Result<Cow<'_, [u8]>, char> {
        match self {
            Self::Known(encoding) => {
                let (bytes, _, lacking) = encoding.encode(text);
                if !lacking {
                    return Ok(bytes);
                }
                let lacks = |one: &char| encoding.encode(one.encode_utf8(&mut [0; 4])).2;
                Err(text.chars().find(lacks).unwrap_or('\u{fffd}'))
            }
            Self::Dos(_, upper) => {
                let byte = |one: char| {
                    let above = || upper.chars().position(|known| known == one);
                    let byte = u8::try_from(u32::from(one)).ok().filter(u8::is_ascii);
                    byte.or_else(|| u8::try_from(128 + above()?).ok()).ok_or(one)
                };
                text.chars()
                    .map(byte)
                    .collect::<Result<Vec<u8>, _>>()
                    .map(Cow::Owned)
            }
        }
    }
}

/// The encoding of a file by the bytes before its DATA, why it is that one, and how many bytes of a byte order mark to
/// pass over.
///
/// The order is that of the format: a byte order mark; CODEPAGE, looked for as ASCII; without it ISO-8859-15 where
/// CHARSET says that the file is not of DOS, UTF-8 where it says Unicode, and code page 850 where there is no CHARSET.
pub(super) fn of_header(header: &[u8]) -> (Codepage, Reason, usize) {
    if let Some((encoding, length)) = Encoding::for_bom(header) {
        return (Codepage::Known(encoding), Reason::Stated, length);
    }
    let ascii = header.is_ascii();
    let is_utf8 = !ascii && std::str::from_utf8(header).is_ok();
    let latin = Codepage::Known(encoding_rs::ISO_8859_15);
    if let Some(label) = keyword(header, b"CODEPAGE") {
        return match Codepage::of_label(&label) {
            Some(Codepage::Known(encoding)) if encoding == UTF_8 && !ascii && !is_utf8 => {
                (Codepage::Known(encoding_rs::WINDOWS_1252), Reason::NotUtf8, 0)
            }
            // Without a byte order mark a file of two bytes a character could not have shown its CODEPAGE in ASCII.
            Some(Codepage::Known(encoding)) if !encoding.is_ascii_compatible() => {
                (latin, Reason::UnknownName, 0)
            }
            Some(codepage) if is_utf8 && codepage != Codepage::Known(UTF_8) => {
                (codepage, Reason::LooksLikeUtf8, 0)
            }
            Some(codepage) => (codepage, Reason::Stated, 0),
            None => (latin, Reason::UnknownName, 0),
        };
    }
    let reason = if ascii { Reason::Stated } else { Reason::Default };
    match keyword(header, b"CHARSET") {
        Some(charset) if charset.eq_ignore_ascii_case("unicode") => {
            (Codepage::Known(UTF_8), Reason::Stated, 0)
        }
        Some(_) => (latin, reason, 0),
        None if ascii => (latin, reason, 0),
        None => (Codepage::Dos("IBM850", CP850), reason, 0),
    }
}

/// The value of a keyword that stands at the beginning of a line or after a semicolon, looked for as ASCII.
pub(super) fn keyword(header: &[u8], name: &[u8]) -> Option<String> {
    memchr::memmem::find_iter(header, name).find_map(|at| {
        let before = header.get(..at)?.trim_ascii_end().last();
        let rest = header.get(at + name.len()..)?.trim_ascii_start();
        let value = rest.strip_prefix(b"=")?.trim_ascii_start();
        if !matches!(before, None | Some(b';')) {
            return None;
        }
        let value = value.strip_prefix(b"\"").unwrap_or(value);
        let end = value
            .iter()
            .position(|byte| matches!(byte, b'"' | b';' | b'\n'))?;
        Some(String::from_utf8_lossy(value.get(..end)?.trim_ascii()).into_owned())
    })
}
