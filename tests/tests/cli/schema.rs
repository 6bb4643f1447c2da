//! Whether what the runner writes for machines is as its schemas say.

use std::fs;

use serde_json::Value;
use uppsala::XsdValidator;

use crate::cli::repository;

fn read(file: &str) -> String {
    fs::read_to_string(repository().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// The schema of JSON.
pub(crate) fn json() -> Value {
    serde_json::from_str(&read("xtask/results.schema.json")).expect("JSON")
}

/// The schema of JSON with every object closed: no key may be without a description.
pub(crate) fn closed_json() -> Value {
    closed(json())
}

fn closed(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(map) => {
            map.values_mut().for_each(|value| *value = closed(value.take()));
            if map.get("properties").is_some_and(Value::is_object) && map.contains_key("type") {
                map.insert("additionalProperties".to_owned(), false.into());
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| *value = closed(value.take())),
        _ => {}
    }
    schema
}

/// What is wrong with a document of JSON by this schema.
pub(crate) fn faults_of_json(schema: &Value, document: &Value) -> Vec<String> {
    let validator = jsonschema::draft202012::new(schema).expect("a schema");
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// What is wrong with a document of JUnit's XML.
pub(crate) fn faults_of_junit(document: &str) -> Vec<String> {
    let schema = read("xtask/junit.xsd");
    let schema = uppsala::parse(&schema).expect("the schema is XML");
    let validator = XsdValidator::from_schema(&schema).expect("a schema");
    match uppsala::parse(document) {
        Ok(document) => validator.validate(&document).iter().map(ToString::to_string).collect(),
        Err(error) => vec![error.to_string()],
    }
}
