//! Calls of the API of this workspace.

use pipelines::Client;
use pipelines::models::{
    AggregateRequest, FinishedPipeline, Pipeline, PipelineStatus, SearchRequest, SendAttributes,
    SendData, SendDataSingleOrArray, SendRequest,
};

use crate::{Failure, checked, once};

pub(super) async fn run(url: &str) -> Result<(), Failure> {
    let client = Client::builder().base_url(url).retry(once()).api_key("key").app_key("key").build()?;
    let run = FinishedPipeline::builder()
        .unique_id("run")
        .name("deploy")
        .url("https://ci.example/1")
        .start("2024-08-22T11:36:29-07:00".parse()?)
        .end("2024-08-22T14:36:00-07:00".parse()?)
        .status(PipelineStatus::Error)
        .partial_retry(false)
        .build()?;
    let attributes = SendAttributes::builder().resource(Pipeline::from(run)).build()?;
    let data = SendData::builder().attributes(attributes).build()?;
    let body = SendRequest::builder().data(SendDataSingleOrArray::from(data)).build()?;
    checked("pipelines.send", client.create_pipeline_event(body).send().await);
    checked("pipelines.list", client.list_pipeline_events().query("é:*").limit(3).send().await);
    checked("pipelines.search", client.search_pipeline_events().send().await);
    let body = SearchRequest::builder().build()?;
    checked("pipelines.search-body", client.search_pipeline_events().body(body).send().await);
    let body = AggregateRequest::builder().build()?;
    checked("pipelines.aggregate", client.aggregate_pipeline_events(body).send().await);
    Ok(())
}
