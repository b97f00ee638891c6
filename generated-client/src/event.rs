//! Events to send.

use specwright_runtime::{Validate, ValidationError, Validator};

use crate::models::{
    FinishedJob, FinishedPipeline, Job, Pipeline, Resource, RunningJob, RunningPipeline,
    SendAttributes, SendData, SendDataType, Stage, Step,
};
use crate::rules;

/// An event to send: a pipeline run or one of its stages, jobs or steps, with facts about the CI
/// system.
#[derive(Clone, Debug, PartialEq)]
pub struct PipelineEvent {
    data: SendData,
}

impl PipelineEvent {
    /// Creates an event of a finished or running pipeline, stage, job or step.
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

    /// Sets the name of the CI system. Defaults to `custom` on the service.
    #[must_use]
    pub fn provider_name(self, name: impl Into<String>) -> Self {
        self.with(|attributes| attributes.provider_name = Some(name.into()))
    }

    /// Sets the environment.
    #[must_use]
    pub fn env(self, env: impl Into<String>) -> Self {
        self.with(|attributes| attributes.env = Some(env.into()))
    }

    /// Sets the instance of the CI system, if there are several.
    #[must_use]
    pub fn service(self, service: impl Into<String>) -> Self {
        self.with(|attributes| attributes.service = Some(service.into()))
    }

    /// Returns the event as the type of the API.
    #[must_use]
    pub fn as_data(&self) -> &SendData {
        &self.data
    }

    /// Checks the constraints of the schema and the [rules](crate::rules) of the service.
    ///
    /// # Errors
    /// Returns all violations, each with its JSON pointer within the event.
    #[inline]
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
    #[inline]
    fn check(&self, checks: &mut Validator) {
        self.data.check(checks);
        checks.declared(&self.data);
        rules::check_sent(&self.data, checks);
    }
}

/// Wraps an event that was built or decoded as the type of the API.
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

/// Creates an event from each kind of run.
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
