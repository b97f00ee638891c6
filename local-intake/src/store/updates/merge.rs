//! Merging the updates of a run into one event.
//!
//! A run is sent as `running` any number of times and as finished at least once. The event
//! consists of all running updates in the order they were received, overlaid with the last
//! finished one. A late `running` update can add properties but never changes final ones, so the
//! result does not depend on the order of delivery.

use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// The updates of one run so far.
#[derive(Debug, Default)]
pub(in crate::store) struct Updates {
    /// The merged running updates.
    running: Option<Object>,
    /// The last finished update.
    finished: Option<Object>,
}

impl Updates {
    /// Adds an update and returns the merged event.
    pub(in crate::store) fn add(&mut self, sent: &Object, is_running: bool) -> Object {
        if is_running {
            let mut running = self.running.take().unwrap_or_default();
            overlay(&mut running, sent);
            self.running = Some(running);
        } else {
            self.finished = Some(sent.clone());
        }
        let mut event = self.running.clone().unwrap_or_default();
        if let Some(finished) = &self.finished {
            overlay(&mut event, finished);
        }
        event
    }
}

/// Sets every property of `over` in `base`. Objects are merged; null does not replace a value.
fn overlay(base: &mut Object, over: &Object) {
    for (name, value) in over {
        match (base.get_mut(name), value) {
            (Some(_), Value::Null) => {}
            (Some(Value::Object(base)), Value::Object(over)) => overlay(base, over),
            (Some(slot), value) => *slot = value.clone(),
            (None, value) => {
                base.insert(name.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Updates;

    fn event(updates: &[Value]) -> Value {
        let mut merged = Updates::default();
        let mut event = Value::Null;
        for update in updates {
            let is_running = update["status"] == "running";
            event = Value::Object(merged.add(update.as_object().unwrap(), is_running));
        }
        event
    }

    #[test]
    fn running_updates_are_merged() {
        let actual = event(&[
            json!({"status": "running", "git": {"sha": "1"}, "tags": ["a:b"]}),
            json!({"status": "running", "git": {"branch": "main"}, "name": "n", "tags": null}),
            json!({"status": "success", "end": "later"}),
        ]);
        let expected = json!({
            "status": "success", "git": {"sha": "1", "branch": "main"}, "name": "n",
            "tags": ["a:b"], "end": "later",
        });
        assert_eq!(actual, expected);
    }

    #[test]
    fn late_running_updates_do_not_change_final_properties() {
        let running = json!({"status": "running", "name": "draft", "queue_time": 5});
        let finished = json!({"status": "error", "name": "final", "end": "later"});
        let expected = json!({"status": "error", "name": "final", "end": "later", "queue_time": 5});
        assert_eq!(event(&[running.clone(), finished.clone()]), expected);
        assert_eq!(event(&[finished, running]), expected);
    }

    #[test]
    fn the_last_of_two_final_updates_is_kept() {
        let actual = event(&[
            json!({"status": "running", "name": "n"}),
            json!({"status": "error", "error": {"message": "m"}}),
            json!({"status": "success"}),
        ]);
        assert_eq!(actual, json!({"status": "success", "name": "n"}));
    }
}
