//! Runs the checks of the fuzz targets with the inputs in `fuzz/inputs`.

use std::fs;
use std::path::Path;

#[test]
fn inputs_that_were_found_stay_fixed() -> Result<(), Box<dyn std::error::Error>> {
    let inputs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/inputs");
    for (target, check) in fuzz_checks::TARGETS {
        let mut count = 0;
        for entry in fs::read_dir(inputs.join(target))? {
            let path = entry?.path();
            // Shown if the check fails.
            println!("{}", path.display());
            check(&fs::read(path)?);
            count += 1;
        }
        assert!(count > 0, "{target} has no inputs");
    }
    // Each folder belongs to a target.
    assert_eq!(fs::read_dir(inputs)?.count(), fuzz_checks::TARGETS.len());
    Ok(())
}
