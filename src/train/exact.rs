//! Floating point numbers as text in JSON: exactly what they were, infinities too.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub fn serialize<S: Serializer>(number: &f64, to: S) -> Result<S::Ok, S::Error> {
    number.to_string().serialize(to)
}

pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<f64, D::Error> {
    String::deserialize(from)?.parse().map_err(de::Error::custom)
}

/// Any number of them.
pub mod all {
    use super::{Deserialize, Deserializer, Serialize, Serializer, de};

    pub fn serialize<S: Serializer>(numbers: &[f64], to: S) -> Result<S::Ok, S::Error> {
        numbers.iter().map(f64::to_string).collect::<Vec<_>>().serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<f64>, D::Error> {
        let numbers = Vec::<String>::deserialize(from)?.into_iter();
        numbers.map(|number| number.parse().map_err(de::Error::custom)).collect()
    }
}
