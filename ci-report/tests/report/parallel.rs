//! Many processes report one run at the same time.

use crate::support::World;

const SHELLS: usize = 8;
const STEPS: usize = 25;

#[test]
fn all_steps_of_parallel_shells_arrive_with_the_right_parents() {
    let world = World::new();
    world.script(&format!(
        "ci-report start pipeline p
        shell() {{
            ci-report start job \"job $1\"; n=0
            while [ $n -lt {STEPS} ]; do
                n=$((n+1))
                if [ $((n % 2)) = 0 ]; then ci-report run --step \"step $1 $n\" -- true
                else ci-report start step \"step $1 $n\"; ci-report finish; fi
            done
            ci-report finish
        }}
        for s in $(seq {SHELLS}); do shell $s & done; wait
        ci-report finish",
    ));
    let events = world.events();
    let named = |level: &str, name: &str| {
        let mut found =
            events.iter().filter(|event| event.level() == level && event.name() == name);
        let event = found.next().unwrap_or_else(|| panic!("{level} {name}"));
        assert!(found.next().is_none(), "{level} {name}");
        event
    };
    let pipeline = named("pipeline", "p");
    for shell in 1..=SHELLS {
        let job = named("job", &format!("job {shell}"));
        assert_eq!((job.status().as_str(), pipeline.status().as_str()), ("success", "success"));
        for step in 1..=STEPS {
            let step = named("step", &format!("step {shell} {step}"));
            assert_eq!(step.attribute("ci.job.id"), job.attribute("ci.job.id"));
            assert_eq!(step.attribute("ci.pipeline.id"), pipeline.attribute("ci.pipeline.id"));
            assert_eq!(step.status(), "success");
        }
    }
    assert_eq!(events.len(), 1 + SHELLS + SHELLS * STEPS);
}
