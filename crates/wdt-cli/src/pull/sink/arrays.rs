//! Rows as Arrow's arrays, built cell by cell.

use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Decimal128Builder, Int64Builder, StringBuilder, TimestampMillisecondBuilder,
};
use arrow_array::{ArrayRef, ListArray, StructArray};
use arrow_buffer::{NullBufferBuilder, OffsetBufferBuilder};
use arrow_schema::{ArrowError, DataType, Field, Fields, TimeUnit};
use jiff::civil::DateTime;
use wdt_proto::json::Writer;
use wdt_proto::rows::Time;

use crate::pull::columns::{Cell, Column, Kind, MORE, Record, Table};

/// The digits of a decimal column: those of the platform's amounts.
const PRECISION: u8 = 19;
const SCALE: i8 = 4;

/// Since when Arrow counts.
const EPOCH: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);

/// The columns of a list's rows.
pub(super) fn fields(table: &Table) -> Fields {
    let columns = table.columns.iter().map(|column| {
        let kind = match &column.kind {
            Kind::Text | Kind::Json => DataType::Utf8,
            Kind::Integer => DataType::Int64,
            Kind::Decimal => DataType::Decimal128(PRECISION, SCALE),
            // Beijing's clocks, without a zone: as the platform writes it.
            Kind::Time => DataType::Timestamp(TimeUnit::Millisecond, None),
            Kind::Flag => DataType::Boolean,
            Kind::Rows(table) => DataType::List(element(fields(table))),
        };
        Field::new(&column.name, kind, true)
    });
    columns.chain([Field::new(MORE, DataType::Utf8, true)]).collect()
}

fn element(fields: Fields) -> Arc<Field> {
    Arc::new(Field::new("item", DataType::Struct(fields), true))
}

/// Rows that become arrays.
pub(super) struct Arrays {
    columns: Vec<(String, Building)>,
    more: StringBuilder,
}

/// A column that grows.
enum Building {
    Text(StringBuilder),
    Integer(Int64Builder),
    Decimal(Decimal128Builder),
    Time(TimestampMillisecondBuilder),
    Flag(BooleanBuilder),
    Rows(Box<Lists>),
}

struct Lists {
    fields: Fields,
    rows: Arrays,
    lengths: OffsetBufferBuilder<i32>,
    nulls: NullBufferBuilder,
}

impl Arrays {
    pub(super) fn of(table: &Table) -> Self {
        let column = |column: &Column| (column.name.clone(), Building::of(&column.kind));
        Self { columns: table.columns.iter().map(column).collect(), more: StringBuilder::new() }
    }

    pub(super) fn add(&mut self, record: &Record<'_>) {
        let mut misfits = None;
        for ((name, column), cell) in self.columns.iter_mut().zip(&record.cells) {
            if let Err(number) = column.add(cell) {
                let misfits = misfits.get_or_insert_with(|| record.more.clone());
                join(misfits, name, number);
            }
        }
        let more = misfits.as_deref().unwrap_or(&record.more);
        self.more.append_option(Some(more).filter(|more| !more.is_empty()));
    }

    /// What was added since the last time.
    pub(super) fn finish(&mut self) -> Result<Vec<ArrayRef>, ArrowError> {
        let mut arrays = Vec::with_capacity(self.columns.len() + 1);
        for (_, column) in &mut self.columns {
            arrays.push(column.finish()?);
        }
        arrays.push(Arc::new(self.more.finish()));
        Ok(arrays)
    }
}

impl Building {
    fn of(kind: &Kind) -> Self {
        match kind {
            Kind::Text | Kind::Json => Self::Text(StringBuilder::new()),
            Kind::Integer => Self::Integer(Int64Builder::new()),
            Kind::Decimal => Self::Decimal(
                Decimal128Builder::new().with_data_type(DataType::Decimal128(PRECISION, SCALE)),
            ),
            Kind::Time => Self::Time(TimestampMillisecondBuilder::new()),
            Kind::Flag => Self::Flag(BooleanBuilder::new()),
            Kind::Rows(table) => Self::Rows(Box::new(Lists {
                fields: fields(table),
                rows: Arrays::of(table),
                lengths: OffsetBufferBuilder::new(0),
                nulls: NullBufferBuilder::new(0),
            })),
        }
    }

    /// Adds a cell, or a null and gives back the decimal that does not fit: it is never rounded.
    fn add<'c>(&mut self, cell: &'c Cell<'_>) -> Result<(), &'c str> {
        match (self, cell) {
            (Self::Text(column), Cell::Text(text)) => column.append_value(text),
            (Self::Text(column), Cell::Json(text)) => column.append_value(text),
            (Self::Text(column), _) => column.append_null(),
            (Self::Integer(column), cell) => column.append_option(match cell {
                Cell::Integer(number) => Some(*number),
                _ => None,
            }),
            (Self::Decimal(column), Cell::Decimal(number)) => {
                let scaled = scaled(number);
                column.append_option(scaled);
                scaled.ok_or(&**number)?;
            }
            (Self::Decimal(column), _) => column.append_null(),
            (Self::Time(column), cell) => column.append_option(match cell {
                Cell::Time(time) => millis(*time),
                _ => None,
            }),
            (Self::Flag(column), cell) => column.append_option(match cell {
                Cell::Flag(flag) => Some(*flag),
                _ => None,
            }),
            (Self::Rows(lists), Cell::Rows(records)) => {
                for record in records {
                    lists.rows.add(record);
                }
                lists.lengths.push_length(records.len());
                lists.nulls.append_non_null();
            }
            (Self::Rows(lists), _) => {
                lists.lengths.push_length(0);
                lists.nulls.append_null();
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<ArrayRef, ArrowError> {
        Ok(match self {
            Self::Text(column) => Arc::new(column.finish()),
            Self::Integer(column) => Arc::new(column.finish()),
            Self::Decimal(column) => Arc::new(column.finish()),
            Self::Time(column) => Arc::new(column.finish()),
            Self::Flag(column) => Arc::new(column.finish()),
            Self::Rows(lists) => {
                let rows = StructArray::try_new(lists.fields.clone(), lists.rows.finish()?, None)?;
                let lengths = std::mem::replace(&mut lists.lengths, OffsetBufferBuilder::new(0));
                let nulls = lists.nulls.finish();
                let item = element(lists.fields.clone());
                Arc::new(ListArray::try_new(item, lengths.finish(), Arc::new(rows), nulls)?)
            }
        })
    }
}

/// A decimal as so many ten-thousandths, where a column holds each of its digits.
fn scaled(number: &str) -> Option<i128> {
    let (is_negative, digits) = match number.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, number),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction = fraction.trim_end_matches('0');
    let places = usize::from(SCALE.unsigned_abs());
    let most = usize::from(PRECISION) - places;
    if whole.trim_start_matches('0').len() > most || fraction.len() > places {
        return None;
    }
    let zeros = std::iter::repeat_n(b'0', places - fraction.len());
    let mut value = 0_i128;
    for digit in whole.bytes().chain(fraction.bytes()).chain(zeros) {
        if !digit.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i128::from(digit - b'0');
    }
    Some(if is_negative { -value } else { value })
}

/// Milliseconds since 1970, both on Beijing's clocks.
fn millis(time: Time) -> Option<i64> {
    let small = |number: u8| i8::try_from(number).ok();
    let at = DateTime::new(
        i16::try_from(time.year()).ok()?,
        small(time.month())?,
        small(time.day())?,
        small(time.hour())?,
        small(time.minute())?,
        small(time.second())?,
        i32::from(time.millisecond()) * 1_000_000,
    );
    i64::try_from(at.ok()?.duration_since(EPOCH).as_millis()).ok()
}

/// Adds a number to a JSON object.
fn join(object: &mut String, name: &str, number: &str) {
    let begun = match object.strip_suffix('}') {
        Some(begun) => format!("{begun},"),
        None => "{".to_owned(),
    };
    let mut key = Writer::default();
    key.string(name);
    let key = String::from_utf8(key.into_bytes()).unwrap_or_default();
    *object = format!("{begun}{key}:{number}}}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_fits_to_the_last_digit_or_not_at_all() {
        for (number, value) in [
            ("0", 0),
            ("1.0000", 10_000),
            ("-999999999999999.9999", -9_999_999_999_999_999_999),
            ("0001.50000", 15_000),
            ("-0.0001", -1),
        ] {
            assert_eq!(scaled(number), Some(value), "{number}");
        }
        for number in ["1000000000000000", "0.00001", "-1234567890123456.0", "1e3", "x"] {
            assert_eq!(scaled(number), None, "{number}");
        }
    }

    #[test]
    fn a_time_is_what_beijings_clocks_show() {
        let read = |text| millis(Time::read(text).unwrap());
        assert_eq!(read("1970-01-01 00:00:00"), Some(0));
        assert_eq!(read("2023-06-14 11:13:00.250"), Some(1_686_741_180_250));
        assert_eq!(read("0001-01-01 00:00:00"), Some(-62_135_596_800_000));
        // Milliseconds count from 1970 in London.
        assert_eq!(read("1686712380000"), read("2023-06-14 11:13:00"));
    }

    #[test]
    fn what_does_not_fit_joins_the_rest() {
        let mut more = String::new();
        join(&mut more, "a\"b", "0.00001");
        join(&mut more, "c", "1");
        assert_eq!(more, r#"{"a\"b":0.00001,"c":1}"#);
    }
}
