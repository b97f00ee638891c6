use std::fs;
use std::time::{Duration, SystemTime};

use proptest::prelude::*;

use super::{Report, error, error_of};
use crate::settings::Mask;

const SUREFIRE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="shop.CartTest" time="0.5"
    tests="3" errors="1" skipped="0" failures="1">
  <properties><property name="os" value="x"/></properties>
  <testcase name="adds" classname="shop.CartTest" time="0.1"/>
  <testcase name="flaky" classname="shop.CartTest" time="0.1">
    <flakyFailure message="once" type="java.lang.AssertionError">at x</flakyFailure>
  </testcase>
  <testcase name="removes" classname="shop.CartTest" time="0.1">
    <failure message="expected:&lt;1&gt; but was:&lt;2&gt;" type="org.opentest4j.AssertionFailedError"><![CDATA[org.opentest4j.AssertionFailedError: expected:<1>
	at shop.CartTest.removes(CartTest.java:12)
]]></failure>
    <system-out>noise</system-out>
  </testcase>
  <testcase name="pays" classname="shop.CartTest" time="0.1">
    <error type="java.lang.IllegalStateException">java.lang.IllegalStateException: a &amp; b &#10;</error>
  </testcase>
</testsuite>"#;

const PYTEST: &str = r#"<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite
 name="pytest" errors="0" failures="1" skipped="1" tests="3" time="0.05"><testcase classname="test_a"
 name="test_ok" time="0.001" /><testcase classname="test_a" name="test_skip"><skipped
 type="pytest.skip" message="why">test_a.py:5</skipped></testcase><testcase classname="test_a"
 name="test_bad[1-#x1B]"><failure message="assert 1 == 2">def test_bad():
&gt;       assert 1 == 2
E       assert 1 == 2

test_a.py:9: AssertionError</failure><error message="failed on teardown">again</error></testcase></testsuite></testsuites>"#;

const GO: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="2" failures="1">
	<testsuite name="example.com/shop" tests="2" failures="1" errors="0" id="0" hostname="h" time="0.3">
		<properties><property name="go.version" value="go1.22"></property></properties>
		<testcase name="TestA" classname="example.com/shop" time="0.000"></testcase>
		<testcase name="TestB" classname="example.com/shop" time="0.010">
			<failure message="Failed"><![CDATA[    shop_test.go:12: got 1, want 2]]></failure>
		</testcase>
	</testsuite>
</testsuites>"#;

const JEST: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"jest tests\" tests=\"1\" failures=\"1\" errors=\"0\" time=\"1.3\">
  <testsuite name=\"cart\" errors=\"0\" failures=\"1\" skipped=\"0\" tests=\"1\">
    <testcase classname=\"cart adds\" name=\"cart adds\" time=\"0.004\">
      <failure>Error: \u{1b}[2mexpect(\u{1b}[22mreceived) &amp;undefined;
    at Object.&lt;anonymous&gt; (cart.test.js:3:5)</failure>
    </testcase>
  </testsuite>
</testsuites>";

fn read(xml: &str) -> Report {
    let mut report = Report::default();
    report.read(xml).unwrap();
    report
}

#[test]
fn dialects_are_read() {
    let mut shown = String::new();
    for (name, xml) in [("surefire", SUREFIRE), ("pytest", PYTEST), ("go", GO), ("jest", JEST)] {
        let error = error(&read(xml), &Mask::default()).unwrap().unwrap();
        let error = serde_json::to_string_pretty(&error).unwrap();
        shown.push_str(&format!("{name}: {error}\n"));
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn passing_reports_have_no_error() {
    for xml in ["<testsuites/>", "<testsuite><testcase name='a'/></testsuite>"] {
        assert_eq!(error(&read(xml), &Mask::default()).unwrap(), None);
    }
}

#[test]
fn other_files_are_rejected() {
    for (xml, expected) in [
        ("", "it has no <testsuite>"),
        ("not xml", "it has no <testsuite>"),
        ("<html></html>", "expected <testsuites> or <testsuite>, found <html>"),
        ("<testsuite>\n<testcase>", "it ends inside of <testcase>"),
        ("<testsuite>\n</testcase>", "line 2: "),
    ] {
        let problem = Report::default().read(xml).unwrap_err();
        assert!(problem.starts_with(expected), "{xml}: {problem}");
    }
}

#[test]
fn limits_of_the_api_are_kept() {
    let test = |i| {
        let details = "ä".repeat(3000);
        format!(
            "<testcase name='t{i}'><failure message='{details}' type='{details}'>{details}</failure></testcase>"
        )
    };
    let tests: String = (0..100).map(test).collect();
    let error = error(&read(&format!("<testsuite>{tests}</testsuite>")), &Mask::default())
        .unwrap()
        .unwrap();
    let length = |input: &Option<String>| input.as_ref().unwrap().chars().count();
    assert_eq!((length(&error.message), length(&error.r#type)), (5000, 100));
    assert!((10_000..=32_000).contains(&length(&error.stack)));
    assert!(error.message.unwrap().starts_with("100 of 100 tests failed\nt0: ää"));
}

#[test]
fn entities_do_not_grow() {
    let bomb = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;'>]>\
                <testsuite><testcase name='t'><failure>&b;</failure></testcase></testsuite>";
    assert_eq!(read(bomb).failures[0].details, "&b;");
}

#[test]
fn folders_are_read() {
    let folder = tempfile::tempdir().unwrap();
    assert!(
        error_of(folder.path(), None, &Mask::default())
            .unwrap_err()
            .to_string()
            .ends_with("has no reports (*.xml)")
    );
    fs::write(folder.path().join("TEST-a.xml"), SUREFIRE).unwrap();
    fs::write(folder.path().join("TEST-b.xml"), GO).unwrap();
    fs::write(folder.path().join("TEST-c.txt"), "not read").unwrap();
    let message =
        error_of(folder.path(), None, &Mask::default()).unwrap().unwrap().message.unwrap();
    assert!(message.starts_with("3 of 6 tests failed\n"), "{message}");
    let later = SystemTime::now() + Duration::from_secs(60);
    assert_eq!(error_of(folder.path(), Some(later), &Mask::default()).unwrap(), None);
    fs::write(folder.path().join("d.xml"), "<a>").unwrap();
    let problem = error_of(folder.path(), None, &Mask::default()).unwrap_err().to_string();
    assert!(problem.contains("d.xml is not a test report: expected <testsuites>"), "{problem}");
    assert!(error_of(&folder.path().join("none.xml"), None, &Mask::default()).is_err());
}

proptest! {
    #[test]
    fn mutated_reports_never_panic(
        which in 0usize..4, at in 0usize..1200, cut in 0usize..40, with in ".{0,4}", short in 0usize..1400,
    ) {
        let report = [SUREFIRE, PYTEST, GO, JEST][which];
        let mut chars: Vec<char> = report.chars().collect();
        let at = at.min(chars.len());
        chars.splice(at..(at + cut).min(chars.len()), with.chars());
        chars.truncate(short.max(100));
        let xml: String = chars.into_iter().collect();
        let mut report = Report::default();
        if report.read(&xml).is_ok() {
            prop_assert!(error(&report, &Mask::default()).is_ok());
        }
    }
}
