//! `backlint check`

use super::analysis::{self, Analysis, Options};
use super::args::{CheckFormat, CheckOptions, FailOn};
use super::book::{find, ids};
use super::output::{Output, complain, remark};
use super::routes::selected;
use super::{Exit, Failure, load, origin};
use crate::finding::suppress::{Row, Suppressions, is_notice, unknown_rule};
use crate::finding::{Confidence, Filters, Override, Profile, Severity, Shown, select};
use crate::model::Name;
use crate::project::{Project, Settings};
use crate::report::{Counts, Gap, Report, RuleInfo, json, sarif, summary, text};
use crate::source::FileId;
use clap::ValueEnum as _;
use std::path::Path;
use std::str::FromStr;

/// Checks the code and writes what is found.
pub(super) fn run(options: &CheckOptions, output: &Output) -> Result<Exit, Failure> {
    let book = analysis::rules()?;
    for rule in &options.rules {
        find(&book, rule)?;
    }
    let project = load(&options.paths)?;
    check_settings(&project.settings, &book)?;
    let asked = Options {
        production: options.place.is_some(),
        rules: options.rules.iter().map(Name::from).collect(),
    };
    let mut analysis = analysis::analyse(&project, &asked)?;
    let filters = filters(options, &project.settings);
    let rules: Vec<RuleInfo> = book
        .iter()
        .filter(|rule| runs(rule, &filters))
        .cloned()
        .collect();
    let shown = shown(&project, &mut analysis, &ids(&book), &ids(&rules), &filters);
    let gaps = gaps(&project, std::mem::take(&mut analysis.gaps));
    let origin = origin::origin(&project.root);
    let report = Report {
        sources: &project.sources,
        root: &way_to(&project.root),
        scope: &scope(&project),
        profile: filters.profile,
        findings: &shown.findings,
        held_back: shown.held_back,
        secrets: &shown.secrets,
        rules: &rules,
        gaps: &gaps,
        counts: counts(&project, analysis),
        origin: origin.as_ref(),
    };
    let bytes = match options.format {
        CheckFormat::Text => text(&report, output.style),
        CheckFormat::Json => json(&report).into_bytes(),
        CheckFormat::Sarif => sarif(&report).into_bytes(),
    };
    output.write(&bytes)?;
    if output.is_file() {
        remark(&summary(&report));
    }
    Ok(judge(options, &project.settings, &report))
}

/// Ids in the settings have to be rules; the error shows the line.
fn check_settings(settings: &Settings, book: &[RuleInfo]) -> Result<(), Failure> {
    let known = ids(book);
    let rules = settings.rules.iter().map(|rule| (&rule.rule, &rule.at));
    let suppressed = settings.suppress.iter().map(|row| (&row.rule, &row.at));
    for (rule, at) in rules.chain(suppressed) {
        if !known.contains(rule) {
            let error = settings.error(at, unknown_rule(rule, &known));
            return Err(Failure::Error(error.to_string()));
        }
    }
    Ok(())
}

/// Options come first, then settings, then what is usual.
fn filters(options: &CheckOptions, settings: &Settings) -> Filters {
    let overrides = settings.rules.iter().map(|rule| {
        let setting = Override {
            severity: parsed(rule.severity.as_ref()),
            enabled: rule.enabled,
        };
        (rule.rule.clone(), setting)
    });
    Filters {
        profile: options
            .profile
            .or_else(|| parsed(settings.profile.as_ref()))
            .unwrap_or(Profile::Default),
        rules: (!options.rules.is_empty()).then(|| options.rules.iter().map(Name::from).collect()),
        severity: options.severity.unwrap_or(Severity::Note),
        confidence: options
            .min_confidence
            .or_else(|| parsed(settings.min_confidence.as_ref()))
            .unwrap_or(Confidence::Medium),
        overrides: overrides.collect(),
    }
}

fn parsed<T: FromStr>(name: Option<&Name>) -> Option<T> {
    name.and_then(|name| name.parse().ok())
}

/// Whether a rule of the book runs: those about suppressions always do unless others are asked for.
fn runs(rule: &RuleInfo, filters: &Filters) -> bool {
    match &filters.rules {
        Some(rules) => rules.contains(&rule.id),
        None => {
            filters
                .overrides
                .get(&rule.id)
                .and_then(|setting| setting.enabled)
                != Some(false)
        }
    }
}

fn shown(
    project: &Project,
    analysis: &mut Analysis,
    known: &[Name],
    ran: &[Name],
    filters: &Filters,
) -> Shown {
    let rows = project.settings.suppress.iter().map(|row| Row {
        rule: row.rule.clone(),
        path: row.path.clone(),
        line: row.line,
    });
    let known: Vec<Name> = known
        .iter()
        .filter(|rule| !is_notice(rule))
        .cloned()
        .collect();
    let mut suppressions = Suppressions::new(rows.collect());
    let is_selected = |file: FileId| project.selected.get(file.index()).copied().unwrap_or(false);
    for index in 0..project.sources.files.len() {
        let file = FileId(u32::try_from(index).unwrap_or(u32::MAX));
        if is_selected(file) {
            let comments = analysis.comments.get(&file).map(Vec::as_slice);
            suppressions.scan(file, &project.sources, comments, &known);
        }
    }
    let mut findings = std::mem::take(&mut analysis.findings);
    findings.retain(|finding| is_selected(finding.primary.file));
    let shown = select(findings, &project.sources, &mut suppressions, ran, filters);
    if filters.rules.is_none() && project.selects("") {
        for row in suppressions.unused_rows(ran) {
            complain(&format!(
                "backlint.toml:{}: {} has no finding there to suppress",
                row.line, row.rule
            ));
        }
    }
    shown
}

/// The gaps of the selected files, in order.
fn gaps(project: &Project, mut gaps: Vec<Gap>) -> Vec<Gap> {
    gaps.extend(project.gaps.iter().map(|gap| Gap {
        kind: gap.kind,
        file: Name::from(gap.path.as_str()),
        line: gap.line.unwrap_or(1),
        message: gap.message.clone(),
    }));
    gaps.retain(|gap| project.selects(&gap.file));
    gaps.sort_by(|a, b| {
        (&a.file, a.line, a.kind, &a.message).cmp(&(&b.file, b.line, b.kind, &b.message))
    });
    gaps
}

fn counts(project: &Project, analysis: Analysis) -> Counts {
    let routes = selected(project, analysis.routes);
    let unknown =
        |route: &&crate::report::RouteReport| route.posture.authentication.status == "unknown";
    Counts {
        files: project
            .selected
            .iter()
            .filter(|selected| **selected)
            .count(),
        endpoints: routes.len(),
        endpoints_unknown: routes.iter().filter(unknown).count(),
    }
}

/// The root as it is reached from the current folder, so that a report is the same wherever the root lies.
fn way_to(root: &Path) -> String {
    let here = std::env::current_dir()
        .and_then(|here| here.canonicalize())
        .unwrap_or_default();
    match (here.strip_prefix(root), root.strip_prefix(&here)) {
        (Ok(below), _) if below.as_os_str().is_empty() => ".".to_owned(),
        (Ok(below), _) => vec![".."; below.components().count()].join("/"),
        (_, Ok(above)) => slashes(above),
        _ => slashes(root),
    }
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The one folder that was asked for; empty for all of the root or several paths.
fn scope(project: &Project) -> String {
    match project.selection() {
        [one] if project.root.join(one).is_dir() => one.clone(),
        _ => String::new(),
    }
}

fn judge(options: &CheckOptions, settings: &Settings, report: &Report<'_>) -> Exit {
    let usual = settings
        .fail_on
        .as_ref()
        .and_then(|name| FailOn::from_str(name, false).ok());
    let fail_on = options.fail_on.or(usual).unwrap_or(FailOn::Warning);
    if options.strict && report.gaps.iter().any(|gap| gap.kind.costs_file()) {
        complain("some files could not be analysed, which --strict does not accept; -v lists them");
        Exit::Error
    } else if report
        .findings
        .iter()
        .any(|finding| fail_on.includes(finding.severity))
    {
        Exit::Findings
    } else {
        Exit::Clean
    }
}
