//! Strategies for the requests and responses of operations that read.

use datadog_ci_pipelines::Json;
use datadog_ci_pipelines::models::{
    AggregateBucket, AggregateBucketValue, AggregateBucketValueTimeseriesPoint, AggregateBuckets,
    AggregateRequest, AggregateResponse, AggregationFunction, Compute, ComputeType, Event,
    EventAttributes, EventLevel, EventsPage, GroupBy, GroupSort, GroupSortType, Histogram,
    MissingValue, QueryFilter, QueryOptions, QueryPageOptions, ResponseLinks, ResponseMetadata,
    ResponseMetadataWithPagination, ResponsePage, ResponseStatus, SearchRequest, Sort, SortOrder,
    Total, Warning,
};
use proptest::array::uniform3;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::Value;

use super::values::{
    BUILT, additional, built, number, object, one_of, optional_string, optional_strings, string,
    timestamp, value,
};

fn filter() -> BoxedStrategy<QueryFilter> {
    (uniform3(optional_string()), additional())
        .prop_map(|([from, query, to], additional)| {
            built!(QueryFilter { from, query, to, additional_properties: additional })
        })
        .boxed()
}

fn options() -> BoxedStrategy<QueryOptions> {
    (any::<Option<i64>>(), optional_string(), additional())
        .prop_map(|(time_offset, timezone, additional)| {
            built!(QueryOptions { time_offset, timezone, additional_properties: additional })
        })
        .boxed()
}

/// Any search request.
pub(super) fn search_request() -> impl Strategy<Value = SearchRequest> {
    let page = (optional_string(), any::<Option<i32>>(), additional()).prop_map(
        |(cursor, limit, additional)| {
            built!(QueryPageOptions { cursor, limit, additional_properties: additional })
        },
    );
    let sort = option::of(one_of::<Sort>(Sort::VALUES));
    let parts = (option::of(filter()), option::of(options()), option::of(page));
    (parts, sort, additional()).prop_map(|((filter, options, page), sort, additional)| {
        built!(SearchRequest { filter, options, page, sort, additional_properties: additional })
    })
}

fn function() -> impl Strategy<Value = AggregationFunction> + Clone {
    one_of(AggregationFunction::VALUES)
}

fn compute() -> impl Strategy<Value = Compute> {
    let kind = option::of(one_of::<ComputeType>(ComputeType::VALUES));
    (function(), optional_string(), optional_string(), kind, additional()).prop_filter_map(
        BUILT,
        |(aggregation, interval, metric, kind, additional)| {
            built!(Compute(aggregation) {
                interval,
                metric,
                r#type: kind,
                additional_properties: additional,
            })
        },
    )
}

/// JSON of a type that the union does not have.
fn neither(test: fn(&Value) -> bool) -> impl Strategy<Value = Json> {
    value()
        .prop_filter("it would be another variant", test)
        .prop_filter_map("no JSON", |value| Json::from_value(&value).ok())
}

fn missing() -> impl Strategy<Value = MissingValue> {
    prop_oneof![
        string().prop_map(MissingValue::from),
        number().prop_map(MissingValue::from),
        neither(|v| v.is_boolean() || v.is_array() || v.is_object())
            .prop_map(MissingValue::Unknown),
    ]
}

fn total() -> impl Strategy<Value = Total> {
    prop_oneof![
        any::<bool>().prop_map(Total::from),
        string().prop_map(Total::from),
        number().prop_map(Total::from),
        neither(|v| v.is_array() || v.is_object()).prop_map(Total::Unknown),
    ]
}

fn group_by() -> BoxedStrategy<GroupBy> {
    let histogram =
        (uniform3(number()), additional()).prop_filter_map(BUILT, |([interval, min, max], additional)| {
            built!(Histogram(interval, min, max) { additional_properties: additional })
        });
    let order = option::of(one_of::<SortOrder>(SortOrder::VALUES));
    let kind = option::of(one_of::<GroupSortType>(GroupSortType::VALUES));
    let sort = (option::of(function()), optional_string(), order, kind, additional()).prop_map(
        |(aggregation, metric, order, kind, additional)| {
            built!(GroupSort {
                aggregation,
                metric,
                order,
                r#type: kind,
                additional_properties: additional,
            })
        },
    );
    let parts = (option::of(histogram), option::of(sort));
    let unions = (option::of(missing()), option::of(total()));
    (string(), any::<Option<i64>>(), parts, unions, additional())
        .prop_filter_map(
            BUILT,
            |(facet, limit, (histogram, sort), (missing, total), additional)| {
                built!(GroupBy(facet) {
                    histogram,
                    limit,
                    missing,
                    sort: sort.map(Box::new),
                    total,
                    additional_properties: additional,
                })
            },
        )
        .boxed()
}

/// Any aggregation request.
pub(super) fn aggregate_request() -> impl Strategy<Value = AggregateRequest> {
    let compute = option::of(vec(compute(), 0..3));
    let group_by = option::of(vec(group_by(), 0..3));
    let query = (option::of(filter()), option::of(options()));
    (compute, group_by, query, additional()).prop_map(
        |(compute, group_by, (filter, options), additional)| {
            built!(AggregateRequest {
                compute,
                filter,
                group_by,
                options,
                additional_properties: additional,
            })
        },
    )
}

fn links() -> impl Strategy<Value = ResponseLinks> {
    (optional_string(), additional()).prop_map(|(next, additional)| {
        built!(ResponseLinks { next, additional_properties: additional })
    })
}

fn metadata() -> BoxedStrategy<ResponseMetadata> {
    let warning = (uniform3(optional_string()), additional()).prop_map(
        |([code, detail, title], additional)| {
            built!(Warning { code, detail, title, additional_properties: additional })
        },
    );
    let status = option::of(one_of::<ResponseStatus>(ResponseStatus::VALUES));
    let warnings = option::of(vec(warning, 0..2));
    let elapsed = any::<Option<i64>>();
    (elapsed, optional_string(), status, warnings, additional())
        .prop_map(|(elapsed, request_id, status, warnings, additional)| {
            built!(ResponseMetadata {
                elapsed,
                request_id,
                status,
                warnings,
                additional_properties: additional,
            })
        })
        .boxed()
}

fn event() -> BoxedStrategy<Event> {
    let level = option::of(one_of::<EventLevel>(EventLevel::VALUES));
    let attributes = (option::of(object()), level, optional_strings(), additional()).prop_map(
        |(attributes, ci_level, tags, additional)| {
            built!(EventAttributes {
                attributes,
                ci_level,
                tags,
                additional_properties: additional,
            })
        },
    );
    let parts = (option::of(attributes), optional_string(), additional());
    parts
        .prop_filter_map("a builder refused", |(attributes, id, additional)| {
            let mut event = Event::builder().build().ok()?;
            event.attributes = attributes;
            event.id = id;
            event.additional_properties = additional;
            Some(event)
        })
        .boxed()
}

/// Any page of events.
pub(super) fn events_page() -> impl Strategy<Value = EventsPage> {
    let page = (optional_string(), additional()).prop_map(|(after, additional)| {
        built!(ResponsePage { after, additional_properties: additional })
    });
    let meta = (metadata(), option::of(page)).prop_map(|(meta, page)| {
        built!(ResponseMetadataWithPagination {
            elapsed: meta.elapsed,
            page,
            request_id: meta.request_id,
            status: meta.status,
            warnings: meta.warnings,
            additional_properties: meta.additional_properties,
        })
    });
    let data = option::of(vec(event(), 0..4));
    (data, option::of(links()), option::of(meta.prop_map(Box::new)), additional()).prop_map(
        |(data, links, meta, additional)| {
            built!(EventsPage { data, links, meta, additional_properties: additional })
        },
    )
}

fn bucket() -> BoxedStrategy<AggregateBucket> {
    let point = (option::of(timestamp()), option::of(number()), additional()).prop_map(
        |(time, value, additional)| {
            built!(AggregateBucketValueTimeseriesPoint {
                time: time.map(Into::into),
                value,
                additional_properties: additional,
            })
        },
    );
    let result = prop_oneof![
        string().prop_map(AggregateBucketValue::from),
        number().prop_map(AggregateBucketValue::from),
        vec(point, 0..3).prop_map(AggregateBucketValue::from),
        neither(|v| v.is_null() || v.is_boolean() || v.is_object())
            .prop_map(AggregateBucketValue::Unknown),
    ];
    let computes = option::of(btree_map(string(), result, 0..3));
    (option::of(object()), computes, additional())
        .prop_map(|(by, computes, additional)| {
            built!(AggregateBucket { by, computes, additional_properties: additional })
        })
        .boxed()
}

/// Any response to an aggregation.
pub(super) fn aggregate_response() -> impl Strategy<Value = AggregateResponse> {
    let buckets = option::of(vec(bucket(), 0..3));
    let data = (buckets, additional()).prop_map(|(buckets, additional)| {
        built!(AggregateBuckets { buckets, additional_properties: additional })
    });
    let parts = (option::of(data), option::of(links()), option::of(metadata().prop_map(Box::new)));
    (parts, additional()).prop_map(|((data, links, meta), additional)| {
        built!(AggregateResponse { data, links, meta, additional_properties: additional })
    })
}
