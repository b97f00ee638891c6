//! The job before another one on the path.

use std::collections::{HashMap, HashSet};

use super::job::{Job, Stage};

/// The jobs of a run in the order of their ends. A position is an index in this order.
pub(super) struct Jobs<'a> {
    jobs: &'a [Job<'a>],
    /// The indexes of the jobs.
    order: Vec<usize>,
    /// The jobs by their ids, if any job has dependencies.
    by_id: HashMap<&'a str, Group>,
    /// The jobs by their stages, if any stage has dependencies.
    by_stage: HashMap<&'a str, Group>,
    /// The dependencies of stages that have some.
    stages: HashMap<&'a str, Vec<&'a str>>,
    /// The stages whose dependencies were followed.
    left: HashSet<&'a str>,
}

/// Jobs that are alternatives of each other.
#[derive(Default)]
struct Group {
    positions: Vec<usize>,
    /// The start of each job, ascending, with the last position of it and those before.
    starts: Vec<(i64, usize)>,
}

impl<'a> Jobs<'a> {
    #[inline]
    pub(super) fn new(jobs: &'a [Job<'a>], stages: &'a [Stage<'a>]) -> Self {
        let mut order: Vec<usize> = (0..jobs.len()).collect();
        order.sort_unstable_by_key(|index| {
            jobs.get(*index).map(|job| (job.end(), job.start, job.id, *index))
        });
        let mut dependencies: HashMap<&str, Vec<&str>> = HashMap::new();
        for stage in stages.iter().filter(|stage| !stage.dependencies.is_empty()) {
            dependencies.entry(stage.id).or_default().extend(&stage.dependencies);
        }
        let mut all = Self {
            jobs,
            order,
            by_id: HashMap::new(),
            by_stage: HashMap::new(),
            stages: dependencies,
            left: HashSet::new(),
        };
        if jobs.iter().any(|job| !job.dependencies.is_empty()) {
            all.by_id = all.groups(|job| Some(job.id));
        }
        if !all.stages.is_empty() {
            all.by_stage = all.groups(|job| job.stage);
        }
        all
    }

    #[inline]
    fn groups(&self, id: impl Fn(&Job<'a>) -> Option<&'a str>) -> HashMap<&'a str, Group> {
        let mut groups: HashMap<&str, Group> = HashMap::new();
        for position in 0..self.order.len() {
            if let Some(job) = self.job(position)
                && let Some(id) = id(job)
            {
                groups.entry(id).or_default().add(position, job.start);
            }
        }
        groups.values_mut().for_each(Group::finish);
        groups
    }

    #[inline]
    fn job(&self, position: usize) -> Option<&'a Job<'a>> {
        self.jobs.get(self.index(position)?)
    }

    /// Returns the index of a job in the list of all jobs.
    #[inline]
    pub(super) fn index(&self, position: usize) -> Option<usize> {
        self.order.get(position).copied()
    }

    /// Returns the job that ended last.
    #[inline]
    pub(super) fn last(&self) -> Option<usize> {
        self.order.len().checked_sub(1)
    }

    /// Returns the job before another one on the path. It started earlier, or it started at the same
    /// time and its position is lower, so the path has an end.
    #[inline]
    pub(super) fn previous(&mut self, position: usize) -> Option<usize> {
        let job = self.job(position)?;
        // Of jobs without duration, which end when they start, only those at lower positions.
        let has_ended =
            |index: &usize| self.jobs.get(*index).is_some_and(|it| it.end() <= job.start);
        let ended = self.order.partition_point(has_ended).min(position);
        if !job.dependencies.is_empty() {
            return latest(&self.by_id, &job.dependencies, ended, job.start);
        }
        let Some((stage, dependencies)) =
            job.stage.and_then(|stage| Some((stage, self.stages.get(stage)?)))
        else {
            return ended.checked_sub(1);
        };
        // Within a stage, jobs wait for each other only if they do not overlap.
        let own = self.by_stage.get(stage).and_then(|jobs| jobs.last_before(ended));
        if own.is_some() {
            return own;
        }
        // Only stages that depend on each other are left a second time.
        let is_first = self.left.insert(stage);
        is_first.then(|| latest(&self.by_stage, dependencies, ended, job.start)).flatten()
    }
}

/// Returns the dependency at the highest position before `ended`.
#[inline]
fn latest(
    groups: &HashMap<&str, Group>,
    dependencies: &[&str],
    ended: usize,
    start: i64,
) -> Option<usize> {
    let groups = || dependencies.iter().filter_map(|id| groups.get(id));
    let found = groups().filter_map(|group| group.last_before(ended)).max();
    // If clocks differ, what had to finish before may seem to end after the start.
    found.or_else(|| groups().filter_map(|group| group.last_started_before(start)).max())
}

impl Group {
    /// Adds a job. Positions are ascending.
    #[inline]
    fn add(&mut self, position: usize, start: i64) {
        self.positions.push(position);
        self.starts.push((start, position));
    }

    #[inline]
    fn finish(&mut self) {
        self.starts.sort_unstable();
        let mut last = 0;
        for (_, position) in &mut self.starts {
            last = last.max(*position);
            *position = last;
        }
    }

    /// Returns the highest position below a limit.
    #[inline]
    fn last_before(&self, limit: usize) -> Option<usize> {
        let count = self.positions.partition_point(|position| *position < limit);
        self.positions.get(count.checked_sub(1)?).copied()
    }

    /// Returns the highest position of a job that started before a time.
    #[inline]
    fn last_started_before(&self, time: i64) -> Option<usize> {
        let count = self.starts.partition_point(|(start, _)| *start < time);
        self.starts.get(count.checked_sub(1)?).map(|(_, position)| *position)
    }
}
