//! The order of names: Finnish and Swedish put å, ä and ö after z; English files them under a and o.

use super::Language;
use std::cmp::Ordering;
use unicode_normalization::UnicodeNormalization;

/// Compares two names as a reader of `language` would look them up: case and accents count only between names that are
/// otherwise the same.
///
/// ```
/// use kultti_core::language::{Language, compare_names};
/// use std::cmp::Ordering;
/// assert_eq!(compare_names("Äänekoski", "Ylöjärvi", Language::Fi), Ordering::Greater);
/// assert_eq!(compare_names("Äänekoski", "Ylöjärvi", Language::En), Ordering::Less);
/// assert_eq!(compare_names("Åbo", "Ähtäri", Language::Sv), Ordering::Less);
/// ```
pub fn compare_names(left: &str, right: &str, language: Language) -> Ordering {
    key(left, language)
        .cmp(&key(right, language))
        .then_with(|| left.cmp(right))
}

fn key(name: &str, language: Language) -> Vec<u32> {
    let mut keys = Vec::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        let nordic = match (language, letter) {
            (Language::Fi | Language::Sv, 'å') => Some(1),
            (Language::Fi | Language::Sv, 'ä' | 'æ') => Some(2),
            (Language::Fi | Language::Sv, 'ö' | 'ø') => Some(3),
            _ => None,
        };
        match nordic {
            Some(place) => keys.push(u32::from('z') + place),
            None => keys.extend(
                letter
                    .nfd()
                    .filter(|part| !unicode_normalization::char::is_combining_mark(*part))
                    .map(u32::from),
            ),
        }
    }
    keys
}
