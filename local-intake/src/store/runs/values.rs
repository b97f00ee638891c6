//! The values, as attributes of events.

use serde_json::{Map, Value, json};

use crate::event::facts::{Fact, Facts, Symbol, Vocabulary};

/// A value of an event that follows from other events of its run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::store) enum Derived {
    #[default]
    Unknown,
    /// The execution time of a pipeline in nanoseconds.
    ExecutionTime(i64),
    /// A job that is not on the critical path.
    NotCritical,
    /// A job on the critical path, with its exclusive time in nanoseconds.
    Critical(i64),
}

/// The names of the attributes.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Names {
    execution_time: Symbol,
    on_critical_path: Symbol,
    exclusive_time: Symbol,
}

impl Names {
    pub(in crate::store) fn new(vocabulary: &mut Vocabulary) -> Self {
        let mut name = |name| vocabulary.names.intern(name);
        Self {
            execution_time: name("@ci.execution_time"),
            on_critical_path: name("@ci.on_critical_path"),
            exclusive_time: name("@ci.critical_path.exclusive_time"),
        }
    }
}

impl Derived {
    /// Sets the attributes of an event to this value.
    pub(in crate::store) fn set(
        self,
        facts: &mut Facts,
        names: Names,
        vocabulary: &mut Vocabulary,
    ) {
        let nanoseconds = |time: i64| Some(Fact::Number(time as f64));
        let path = |is_critical, exclusive: Option<i64>| {
            let is_critical = Some(Fact::Boolean(is_critical));
            let exclusive = exclusive.and_then(nanoseconds);
            [(names.on_critical_path, is_critical), (names.exclusive_time, exclusive)]
        };
        match self {
            Self::Unknown => facts.set(&[(names.execution_time, None)], vocabulary),
            Self::ExecutionTime(time) => {
                facts.set(&[(names.execution_time, nanoseconds(time))], vocabulary);
            }
            Self::NotCritical => facts.set(&path(false, None), vocabulary),
            Self::Critical(time) => facts.set(&path(true, Some(time)), vocabulary),
        }
    }

    /// Adds the attributes to an event of a response.
    pub(in crate::store) fn add(self, attributes: &mut Map<String, Value>) {
        let Some(Value::Object(ci)) = attributes.get_mut("ci") else { return };
        let mut add = |name: &str, value: Value| ci.insert(name.to_owned(), value);
        match self {
            Self::Unknown => {}
            Self::ExecutionTime(time) => {
                add("execution_time", time.into());
            }
            Self::NotCritical => {
                add("on_critical_path", false.into());
            }
            Self::Critical(time) => {
                add("on_critical_path", true.into());
                add("critical_path", json!({ "exclusive_time": time }));
            }
        }
    }
}
