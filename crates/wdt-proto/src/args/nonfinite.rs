//! Finds a NaN or an infinity in anything serialisable, before `serde_json` would write it as `null`.
//!
//! A serializer that writes nothing: it walks the value and remembers where it is.

use alloc::string::{String, ToString};
use core::fmt::{self, Display};

use serde::ser::{self, Serialize, Serializer};

use super::not_serialisable;
use crate::check::{Issue, Pointer};

/// The pointer of the first number that is not finite, if there is one.
pub(crate) fn find<T: Serialize + ?Sized>(
    value: &T,
    max_depth: usize,
) -> Result<Option<Pointer>, Issue> {
    let mut walk = Walk { pointer: Pointer::default(), depth: 0, max_depth };
    match value.serialize(&mut walk) {
        Ok(()) => Ok(None),
        Err(Stop::NonFinite) => Ok(Some(walk.pointer)),
        Err(Stop::Custom(why)) => Err(not_serialisable(why)),
    }
}

#[derive(Debug)]
enum Stop {
    NonFinite,
    Custom(String),
}

impl Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NonFinite => f.write_str("not finite"),
            Self::Custom(why) => f.write_str(why),
        }
    }
}

impl core::error::Error for Stop {}

impl ser::Error for Stop {
    fn custom<T: Display>(why: T) -> Self {
        Self::Custom(why.to_string())
    }
}

#[derive(Debug)]
struct Walk {
    pointer: Pointer,
    depth: usize,
    max_depth: usize,
}

impl Walk {
    fn child<T: Serialize + ?Sized>(&mut self, segment: &str, value: &T) -> Result<(), Stop> {
        if self.depth >= self.max_depth {
            return Err(Stop::Custom(alloc::format!("nested deeper than {}", self.max_depth)));
        }
        let parent = self.pointer.as_str().len();
        self.pointer.push(segment);
        self.depth += 1;
        value.serialize(&mut *self)?;
        self.depth -= 1;
        self.pointer.truncate(parent);
        Ok(())
    }
}

/// An array, or an object whose keys come one by one.
#[derive(Debug)]
struct Children<'w> {
    walk: &'w mut Walk,
    index: usize,
    key: String,
}

impl<'w> Children<'w> {
    fn new(walk: &'w mut Walk) -> Self {
        Self { walk, index: 0, key: String::new() }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stop> {
        let segment = self.index.to_string();
        self.index += 1;
        self.walk.child(&segment, value)
    }
}

macro_rules! nothing_to_find {
    ($($method:ident: $type:ty),* $(,)?) => {
        $(fn $method(self, _: $type) -> Result<(), Stop> { Ok(()) })*
    };
}

impl<'w> Serializer for &'w mut Walk {
    type Ok = ();
    type Error = Stop;
    type SerializeSeq = Children<'w>;
    type SerializeTuple = Children<'w>;
    type SerializeTupleStruct = Children<'w>;
    type SerializeTupleVariant = Children<'w>;
    type SerializeMap = Children<'w>;
    type SerializeStruct = Children<'w>;
    type SerializeStructVariant = Children<'w>;

    nothing_to_find! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32,
        serialize_i64: i64, serialize_i128: i128, serialize_u8: u8, serialize_u16: u16,
        serialize_u32: u32, serialize_u64: u64, serialize_u128: u128, serialize_char: char,
        serialize_str: &str, serialize_bytes: &[u8], serialize_unit_struct: &'static str,
    }

    fn serialize_f32(self, v: f32) -> Result<(), Stop> {
        if v.is_finite() { Ok(()) } else { Err(Stop::NonFinite) }
    }

    fn serialize_f64(self, v: f64) -> Result<(), Stop> {
        if v.is_finite() { Ok(()) } else { Err(Stop::NonFinite) }
    }

    fn serialize_none(self) -> Result<(), Stop> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Stop> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Stop> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<(), Stop> {
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Stop> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Stop> {
        self.child(variant, value)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Children<'w>, Stop> {
        Ok(Children::new(self))
    }

    fn serialize_tuple(self, _: usize) -> Result<Children<'w>, Stop> {
        Ok(Children::new(self))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Children<'w>, Stop> {
        Ok(Children::new(self))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Children<'w>, Stop> {
        Ok(Children::new(self))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Children<'w>, Stop> {
        Ok(Children::new(self))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Children<'w>, Stop> {
        Ok(Children::new(self))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Children<'w>, Stop> {
        Ok(Children::new(self))
    }
}

macro_rules! positional {
    ($($trait:ident: $method:ident),* $(,)?) => {
        $(impl ser::$trait for Children<'_> {
            type Ok = ();
            type Error = Stop;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stop> {
                self.element(value)
            }

            fn end(self) -> Result<(), Stop> {
                Ok(())
            }
        })*
    };
}

positional! {
    SerializeSeq: serialize_element, SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field, SerializeTupleVariant: serialize_field,
}

macro_rules! named {
    ($($trait:ident),* $(,)?) => {
        $(impl ser::$trait for Children<'_> {
            type Ok = ();
            type Error = Stop;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                key: &'static str,
                value: &T,
            ) -> Result<(), Stop> {
                self.walk.child(key, value)
            }

            fn end(self) -> Result<(), Stop> {
                Ok(())
            }
        })*
    };
}

named! { SerializeStruct, SerializeStructVariant }

impl ser::SerializeMap for Children<'_> {
    type Ok = ();
    type Error = Stop;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Stop> {
        // Only for the pointer; what keys JSON can carry is serde_json's to judge.
        self.key = serde_json::to_string(key).unwrap_or_default().trim_matches('"').into();
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Stop> {
        let key = core::mem::take(&mut self.key);
        self.walk.child(&key, value)
    }

    fn end(self) -> Result<(), Stop> {
        Ok(())
    }
}
