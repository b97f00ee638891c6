//! Events as they are sent.

use specwright_runtime::{Validate, ValidationError, Validator};

use crate::models::{
    FinishedJob, FinishedPipeline, Job, Pipeline, Resource, RunningJob, RunningPipeline,
    SendAttributes, SendData, SendDataType, Stage, Step,
};
use crate::rules;

/// An event to send: a pipeline run or one of its stages, jobs or steps, with what is known
/// of the CI system that ran it.
#[derive(Clone, Debug, PartialEq)]
pub struct PipelineEvent {
    data: SendData,
}

impl PipelineEvent {
    /// An event of a pipeline, stage, job or step, finished or running.
    pub fn new(resource: impl Into<Resource>) -> Self {
        let attributes = SendAttributes {
            env: None,
            provider_name: None,
            resource: resource.into(),
            service: None,
            additional_properties: Default::default(),
        };
        Self {
            data: SendData {
                attributes: Some(Box::new(attributes)),
                r#type: Some(SendDataType::CipipelineResourceRequest),
                additional_properties: Default::default(),
            },
        }
    }

    /// The name of the CI system; the service takes `custom` if there is none.
    #[must_use]
    pub fn provider_name(self, name: impl Into<String>) -> Self {
        self.with(|attributes| attributes.provider_name = Some(name.into()))
    }

    /// The environment that the event belongs to.
    #[must_use]
    pub fn env(self, env: impl Into<String>) -> Self {
        self.with(|attributes| attributes.env = Some(env.into()))
    }

    /// The instance of the CI system, where there are several.
    #[must_use]
    pub fn service(self, service: impl Into<String>) -> Self {
        self.with(|attributes| attributes.service = Some(service.into()))
    }

    /// The event as the API takes it.
    #[must_use]
    pub fn as_data(&self) -> &SendData {
        &self.data
    }

    /// Checks the constraints of the description and the rules of the service.
    ///
    /// # Errors
    /// Fails with every violation, each with its place from the event on.
    pub fn validate(&self) -> Result<(), ValidationError> {
        Validator::run(self)
    }

    fn with(mut self, set: impl FnOnce(&mut SendAttributes)) -> Self {
        if let Some(attributes) = &mut self.data.attributes {
            set(attributes);
        }
        self
    }
}

impl Validate for PipelineEvent {
    fn check(&self, checks: &mut Validator) {
        self.data.check(checks);
        rules::check_event(&self.data, checks);
    }
}

/// An event that was put together, or decoded, as the API takes it.
impl From<SendData> for PipelineEvent {
    fn from(data: SendData) -> Self {
        Self { data }
    }
}

impl From<PipelineEvent> for SendData {
    fn from(event: PipelineEvent) -> Self {
        event.data
    }
}

/// Every kind of run is an event of its own.
macro_rules! events {
    ($($kind:ty),*) => {$(
        impl From<$kind> for PipelineEvent {
            fn from(resource: $kind) -> Self {
                Self::new(resource)
            }
        }
    )*};
}

events!(
    Resource,
    Pipeline,
    FinishedPipeline,
    RunningPipeline,
    Stage,
    Job,
    FinishedJob,
    RunningJob,
    Step
);

impl From<FinishedPipeline> for Resource {
    fn from(run: FinishedPipeline) -> Self {
        Pipeline::from(run).into()
    }
}

impl From<RunningPipeline> for Resource {
    fn from(run: RunningPipeline) -> Self {
        Pipeline::from(run).into()
    }
}

impl From<FinishedJob> for Resource {
    fn from(job: FinishedJob) -> Self {
        Job::from(job).into()
    }
}

impl From<RunningJob> for Resource {
    fn from(job: RunningJob) -> Self {
        Job::from(job).into()
    }
}
