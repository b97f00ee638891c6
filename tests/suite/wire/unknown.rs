//! Unknown values, properties and variants round-trip unchanged.

use datadog_ci_pipelines::models::{
    AggregateBucketValue, AggregateResponse, EventLevel, EventsPage, GitInfo, JobStatus, Resource,
    SearchRequest, SendRequest,
};
use datadog_ci_pipelines::{Json, Number};
use serde_json::{Value, json};

use super::{Outcome, again, differences, fixture};

#[test]
fn an_unknown_level_does_not_fail_a_page() -> Outcome {
    let mut page = fixture("list.page.response.json")?;
    page["data"][0]["attributes"]["ci_level"] = "deployment".into();
    let decoded: EventsPage = serde_json::from_value(page.clone())?;
    let events = decoded.data.as_deref().unwrap_or_default();
    let level = events[0].attributes.as_ref().and_then(|a| a.ci_level.clone());
    assert_eq!(level, Some(EventLevel::Unknown("deployment".into())));
    assert_eq!(again::<EventsPage>(&page)?, page);
    Ok(())
}

#[test]
fn an_unknown_status_round_trips_within_an_event() -> Outcome {
    let mut request = fixture("send.job.request.json")?;
    request["data"]["attributes"]["resource"]["status"] = "interrupted".into();
    let sent = again::<SendRequest>(&request)?;
    let found = differences(&request, &sent);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(JobStatus::from("interrupted"), JobStatus::Unknown("interrupted".into()));
    Ok(())
}

#[test]
fn unknown_properties_round_trip_at_every_depth() -> Outcome {
    /// Adds a property to every object that is a model, but not to free-form objects.
    fn widen(json: &mut Value, added: &mut usize) {
        match json {
            Value::Object(properties) => {
                for (name, value) in properties.iter_mut() {
                    if name != "parameters" {
                        widen(value, added);
                    }
                }
                properties.insert("x new/~".to_owned(), json!({"deep": [1, 2.50, null, "é"]}));
                *added += 1;
            }
            Value::Array(items) => items.iter_mut().for_each(|item| widen(item, added)),
            _ => {}
        }
    }

    for name in [
        "send.full-pipeline.request.json",
        "send.running-job.request.json",
        "send.batch.request.json",
        "search.request.json",
        "list.page.response.json",
    ] {
        let mut json = fixture(name)?;
        let mut added = 0;
        widen(&mut json, &mut added);
        assert!(added > 2, "{name}");
        let encoded = match name {
            "search.request.json" => again::<SearchRequest>(&json)?,
            "list.page.response.json" => again::<EventsPage>(&json)?,
            _ => again::<SendRequest>(&json)?,
        };
        let found = differences(&json, &encoded);
        assert!(found.is_empty(), "{name}: {found:?}");
    }
    Ok(())
}

#[test]
fn unknown_properties_can_be_read() -> Outcome {
    let git: GitInfo = serde_json::from_str(
        r#"{"sha":"1","zz":[1],"repository_url":"r","author_email":"e","aa":"2"}"#,
    )?;
    let names: Vec<_> = git.additional_properties.iter().map(|(n, _)| n).collect();
    assert_eq!(names, ["zz", "aa"], "in the order of the document");
    let list = git.additional_properties.get("zz").map(Json::as_str);
    assert_eq!(list, Some("[1]"));
    assert!(git.additional_properties.get("sha").is_none());
    Ok(())
}

#[test]
fn a_resource_of_an_unknown_level_round_trips() -> Outcome {
    let documents = [
        r#"{"level":"matrix","id":"m-1","cells":[1,2.0,{"a":null}]}"#,
        r#"{"id":"without a level","status":"success"}"#,
        r#"{"level":7}"#,
        r#""not even an object""#,
    ];
    for json in documents {
        let resource: Resource = serde_json::from_str(json)?;
        let Resource::Unknown(raw) = &resource else {
            panic!("{json} became {resource:?}");
        };
        assert_eq!(raw.as_str(), json);
        assert_eq!(serde_json::to_string(&resource)?, json);
        // Only the service can reject it.
        assert_eq!(resource.validate(), Ok(()));

        let mut request = fixture("send.stage.request.json")?;
        request["data"]["attributes"]["resource"] = serde_json::from_str(json)?;
        assert_eq!(again::<SendRequest>(&request)?, request);
    }
    Ok(())
}

#[test]
fn the_documented_aggregation_with_an_object_as_result_round_trips() -> Outcome {
    let documented = fixture("aggregate.documented.response.json")?;
    let decoded: AggregateResponse = serde_json::from_value(documented)?;
    let buckets = decoded.data.and_then(|d| d.buckets).unwrap_or_default();
    let computes = buckets[0].computes.clone().unwrap_or_default();
    let expected: Json = r#"{"description":"undefined","type":"undefined"}"#.parse()?;
    assert_eq!(computes.get("<any-key>"), Some(&AggregateBucketValue::Unknown(expected)));
    Ok(())
}

#[test]
fn integers_stay_integers_and_floats_stay_floats() -> Outcome {
    // The last one needs 64 bits, more than the mantissa of a float.
    for json in ["154", "154.0", "-3", "-3.5", "0", "18446744073709551615"] {
        let value: AggregateBucketValue = serde_json::from_str(json)?;
        assert!(matches!(value, AggregateBucketValue::SingleNumber(_)), "{json} became {value:?}");
        assert_eq!(serde_json::to_string(&value)?, json);

        let series = format!(r#"[{{"time":"2023-06-29T09:40:00Z","value":{json}}}]"#);
        let value: AggregateBucketValue = serde_json::from_str(&series)?;
        assert_eq!(serde_json::to_string(&value)?, series);
    }
    // Comparisons ignore the notation.
    assert_eq!(Number::from(154), Number::from(154.0));
    Ok(())
}

#[test]
fn floats_keep_all_digits() -> Outcome {
    // Averages of durations in nanoseconds have this many digits.
    for json in ["986810033298.7975", "243581381717.62302", "0.1", "1e-7"] {
        let number: Number = serde_json::from_str(json)?;
        assert_eq!(number.as_f64(), json.parse::<f64>()?);
        // Raw JSON gives the same number.
        let raw: Json = json.parse()?;
        assert_eq!(raw.view().as_f64(), Some(number.as_f64()));
    }
    Ok(())
}
