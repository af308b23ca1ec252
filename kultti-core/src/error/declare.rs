//! How the list of errors becomes an enum with codes, kinds and messages.

macro_rules! errors {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $kind:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })*) => {
        /// A failure, by cause. Fields hold what the message names.
        ///
        /// ```
        /// use kultti_core::{Error, ErrorKind};
        /// let error = Error::UnknownArea { area: "Kokola".into(), near: vec!["Kokkola (272)".into()] };
        /// assert_eq!(error.code(), "K0401");
        /// assert_eq!(error.kind(), ErrorKind::NotFound);
        /// assert_eq!(error.to_string(), "no area \"Kokola\". Did you mean Kokkola (272)?");
        /// ```
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum Error {
            $($(#[$doc])* $name { $($(#[$field_doc])* $field: $type),* },)*
        }

        impl Error {
            /// Every code, in the order of the documentation.
            pub const CODES: &'static [&'static str] = &[$($code),*];

            /// The stable code, such as `K0401`.
            pub fn code(&self) -> &'static str {
                match self { $(Self::$name { .. } => $code,)* }
            }

            /// What sort of mistake it is.
            pub fn kind(&self) -> ErrorKind {
                match self { $(Self::$name { .. } => ErrorKind::$kind,)* }
            }

            /// The error as a message that can be rendered in any language.
            pub fn message(&self) -> Message {
                match self {
                    $(Self::$name { $($field),* } => Message::new($code)$(.with(stringify!($field), Param::from($field)))*,)*
                }
            }
        }
    };
}
