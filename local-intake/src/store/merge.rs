//! How the updates of one run become one event.
//!
//! A run is sent as `running` any number of times and then once, or more than once, as
//! finished. The event is all running updates in the order in which they came, overlaid by
//! the finished one that came last. So a late `running` adds what nobody knew but changes
//! nothing of what was final, in whatever order the network delivers.

use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// What was sent of one run so far.
#[derive(Debug, Default)]
pub(super) struct Updates {
    /// All running updates, merged.
    running: Option<Object>,
    /// The finished one that came last.
    finished: Option<Object>,
}

impl Updates {
    /// Adds what was sent, and returns the event that it all comes to.
    pub(super) fn add(&mut self, sent: &Object, is_running: bool) -> Object {
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

/// Sets every property of `over` in `base`; objects are merged, and null sets nothing.
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
    fn running_updates_add_up() {
        let found = event(&[
            json!({"status": "running", "git": {"sha": "1"}, "tags": ["a:b"]}),
            json!({"status": "running", "git": {"branch": "main"}, "name": "n", "tags": null}),
            json!({"status": "success", "end": "later"}),
        ]);
        let expected = json!({
            "status": "success", "git": {"sha": "1", "branch": "main"}, "name": "n",
            "tags": ["a:b"], "end": "later",
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn a_late_running_event_changes_nothing_that_is_final() {
        let running = json!({"status": "running", "name": "draft", "queue_time": 5});
        let finished = json!({"status": "error", "name": "final", "end": "later"});
        let expected = json!({"status": "error", "name": "final", "end": "later", "queue_time": 5});
        assert_eq!(event(&[running.clone(), finished.clone()]), expected);
        assert_eq!(event(&[finished, running]), expected);
    }

    #[test]
    fn of_two_final_events_the_last_received_is_kept() {
        let found = event(&[
            json!({"status": "running", "name": "n"}),
            json!({"status": "error", "error": {"message": "m"}}),
            json!({"status": "success"}),
        ]);
        assert_eq!(found, json!({"status": "success", "name": "n"}));
    }
}
