//! Which event is part of which.

use std::collections::HashMap;

use datadog_ci_pipelines::models::EventLevel;

use super::found::Found;

/// The parts of a run as a tree.
#[derive(Debug)]
pub(crate) struct Parents {
    /// The indices of the stages, and of everything whose parent was not found. Stages are sent only
    /// when they are finished; until then their jobs are parts of the pipeline.
    pub(crate) of_run: Vec<usize>,
    /// For each part, the indices of its own parts.
    pub(crate) of_part: Vec<Vec<usize>>,
}

impl Parents {
    /// Finds the parent of each part of one run: a stage, job or step. Parts of the same parent are
    /// ordered by start and name.
    pub(crate) fn new(parts: &[&Found]) -> Self {
        let mut stages = HashMap::new();
        let mut jobs = HashMap::new();
        for (i, part) in parts.iter().enumerate() {
            match part.level {
                EventLevel::Stage => stages.entry(part.id.as_str()).or_insert(i),
                EventLevel::Job => jobs.entry(part.id.as_str()).or_insert(i),
                _ => continue,
            };
        }
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|i| parts.get(*i).map(|part| (part.start, part.name.as_str())));
        let (mut of_run, mut of_part) = (Vec::new(), vec![Vec::new(); parts.len()]);
        for i in order {
            let Some(part) = parts.get(i) else { continue };
            let stage = || stages.get(part.stage_id.as_deref()?);
            let job = || jobs.get(part.job_id.as_deref()?);
            let parent = match part.level {
                EventLevel::Job => stage(),
                EventLevel::Step => job().or_else(stage),
                _ => None,
            };
            match parent.and_then(|parent| of_part.get_mut(*parent)) {
                Some(parts) => parts.push(i),
                None => of_run.push(i),
            }
        }
        Self { of_run, of_part }
    }
}
