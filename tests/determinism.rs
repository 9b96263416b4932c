//! One thread or eight, one run or two: equal bytes.
#![allow(
    clippy::disallowed_methods,
    reason = "tests make files and start the program"
)]

mod support;

use support::fixture::{Purpose, cases};

#[test]
fn threads_change_nothing() {
    let commands: [&[&str]; 5] = [
        &["check", "--profile", "audit", "--verbose"],
        &["check", "--profile", "audit", "--format", "json"],
        &["check", "--profile", "audit", "--format", "sarif"],
        &["routes"],
        &["routes", "--format", "json"],
    ];
    for case in cases().iter().filter(|case| case.purpose == Purpose::App) {
        let folder = case.folder();
        for command in commands {
            let run = |threads| folder.run(&[command, &["--threads", threads]].concat());
            let one = run("1");
            assert!(
                matches!(one.code, Some(0 | 1)),
                "{}: {}",
                case.path,
                one.words
            );
            for threads in ["8", "8"] {
                let many = run(threads);
                let same = (one.code, &one.out, &one.words) == (many.code, &many.out, &many.words);
                assert!(
                    same,
                    "{} {command:?}\n{}\n{}",
                    case.path,
                    one.text(),
                    many.text()
                );
            }
        }
    }
}
