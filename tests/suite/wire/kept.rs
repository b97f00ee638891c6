//! What the description does not know is kept and written back, so that decoding and encoding
//! again loses nothing.

use datadog_ci_pipelines::models::{
    AggregateBucketValue, AggregateResponse, EventLevel, EventsPage, GitInfo, JobStatus, Resource,
    SearchRequest, SendRequest,
};
use datadog_ci_pipelines::{Json, Number};
use serde_json::{Value, json};

use super::{Outcome, again, differences, fixture};

#[test]
fn one_new_level_does_not_fail_a_page() -> Outcome {
    let mut page = fixture("list.page.response.json")?;
    page["data"][0]["attributes"]["ci_level"] = "deployment".into();
    let decoded: EventsPage = serde_json::from_value(page.clone())?;
    let events = decoded.data.as_deref().unwrap_or_default();
    let level = events[0].attributes.as_ref().and_then(|a| a.ci_level.clone());
    assert_eq!(level, Some(EventLevel::Unknown("deployment".to_owned())));
    assert_eq!(again::<EventsPage>(&page)?, page);
    Ok(())
}

#[test]
fn a_status_that_is_not_known_keeps_its_text_inside_an_event() -> Outcome {
    let mut request = fixture("send.job.request.json")?;
    request["data"]["attributes"]["resource"]["status"] = "interrupted".into();
    let sent = again::<SendRequest>(&request)?;
    let found = differences(&request, &sent);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(JobStatus::from("interrupted"), JobStatus::Unknown("interrupted".to_owned()));
    Ok(())
}

#[test]
fn a_property_that_the_description_does_not_name_is_kept_at_every_depth() -> Outcome {
    /// Adds a property to every object that is a model, and leaves the free-form ones alone.
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
fn a_property_that_the_description_does_not_name_can_be_read() -> Outcome {
    let git: GitInfo = serde_json::from_str(
        r#"{"sha":"1","zz":[1],"repository_url":"r","author_email":"e","aa":"2"}"#,
    )?;
    let names: Vec<_> = git.additional_properties.iter().map(|(n, _)| n).collect();
    assert_eq!(names, ["zz", "aa"], "in the order in which they came");
    let list = git.additional_properties.get("zz").map(Json::text);
    assert_eq!(list, Some("[1]"));
    assert!(git.additional_properties.get("sha").is_none());
    Ok(())
}

#[test]
fn a_resource_of_an_unknown_level_is_kept_as_it_came() -> Outcome {
    let texts = [
        r#"{"level":"matrix","id":"m-1","cells":[1,2.0,{"a":null}]}"#,
        r#"{"id":"without a level","status":"success"}"#,
        r#"{"level":7}"#,
        r#""not even an object""#,
    ];
    for text in texts {
        let resource: Resource = serde_json::from_str(text)?;
        let Resource::Unknown(raw) = &resource else {
            panic!("{text} became {resource:?}");
        };
        assert_eq!(raw.text(), text);
        assert_eq!(serde_json::to_string(&resource)?, text);
        // Whatever it is, only the service can say that it is wrong.
        assert_eq!(resource.validate(), Ok(()));

        let mut request = fixture("send.stage.request.json")?;
        request["data"]["attributes"]["resource"] = serde_json::from_str(text)?;
        assert_eq!(again::<SendRequest>(&request)?, request);
    }
    Ok(())
}

#[test]
fn the_documented_aggregation_with_an_object_as_result_is_kept() -> Outcome {
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
    // The last needs all 64 bits, which a float has not.
    for text in ["154", "154.0", "-3", "-3.5", "0", "18446744073709551615"] {
        let value: AggregateBucketValue = serde_json::from_str(text)?;
        assert!(matches!(value, AggregateBucketValue::SingleNumber(_)), "{text} became {value:?}");
        assert_eq!(serde_json::to_string(&value)?, text);

        let series = format!(r#"[{{"time":"2023-06-29T09:40:00Z","value":{text}}}]"#);
        let value: AggregateBucketValue = serde_json::from_str(&series)?;
        assert_eq!(serde_json::to_string(&value)?, series);
    }
    // Which of the two it was does not matter to a comparison.
    assert_eq!(Number::from(154), Number::from(154.0));
    Ok(())
}

#[test]
fn a_float_keeps_every_digit() -> Outcome {
    // Averages of durations in nanoseconds have this many digits.
    for text in ["986810033298.7975", "243581381717.62302", "0.1", "1e-7"] {
        let number: Number = serde_json::from_str(text)?;
        assert_eq!(number.as_f64(), text.parse::<f64>()?);
        // The same number in raw JSON is the same.
        let raw: Json = text.parse()?;
        assert_eq!(raw.view().as_f64(), Some(number.as_f64()));
    }
    Ok(())
}
