//! The one place where the rooms between a project and its findings are joined.

use super::Failure;
use super::posture::route;
use crate::check::Subject;
use crate::finding::Finding;
use crate::link::Program;
use crate::lower;
use crate::model::{Language, Module, Name};
use crate::project::Project;
use crate::report::{Gap, RouteReport, RuleInfo, builtin_rules};
use crate::rule::{Rule, RuleBook};
use crate::source::{FileId, Span};
use crate::vocabulary::Vocabulary;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// Where the documentation of the rules is read.
const DOCUMENTATION: &str = "https://github.com/backlint/backlint/blob/main/";

/// What changes the analysis itself.
#[expect(dead_code, reason = "read once the rooms are joined")]
#[derive(Debug, Clone, Default)]
pub(super) struct Options {
    /// Treat every file as production code.
    pub(super) production: bool,
    /// Run only these rules; all if there are none.
    pub(super) rules: Vec<Name>,
}

/// What the analysis of a project yields.
#[derive(Debug, Default)]
pub(super) struct Analysis {
    /// Findings of every profile and confidence, in any order.
    pub(super) findings: Vec<Finding>,
    /// Every endpoint.
    pub(super) routes: Vec<RouteReport>,
    /// What could not be expressed; files that could not be read are the project's.
    pub(super) gaps: Vec<Gap>,
    /// Comments of the files that were lowered, sorted.
    pub(super) comments: FxHashMap<FileId, Vec<Span>>,
}

/// The rule book, in a fixed order.
pub(super) fn rules() -> Result<Vec<RuleInfo>, Failure> {
    let mut rules: Vec<RuleInfo> = book()?.rules().iter().map(info).collect();
    rules.extend(builtin_rules());
    Ok(rules)
}

fn book() -> Result<&'static RuleBook, Failure> {
    RuleBook::builtin().map_err(|problems| Failure::Error(problems.to_string()))
}

fn info(rule: &Rule) -> RuleInfo {
    let first = rule.cases.first();
    RuleInfo {
        id: rule.id.clone(),
        title: rule.title.clone(),
        description: rule.summary(),
        family: rule.family.clone(),
        severity: first.map(|case| case.severity),
        confidence: first.map(|case| case.confidence),
        profile: first.map(|case| case.profile),
        languages: rule
            .languages
            .iter()
            .map(|language| Name::new_static(language_name(*language)))
            .collect(),
        cwe: rule.cwe.clone(),
        owasp: rule.owasp.clone(),
        security_severity: rule.security_severity.clone(),
        help: rule.help.to_string(),
        markdown: rule.documentation(),
        uri: format!("{DOCUMENTATION}{}", rule.path),
        fold: rule.fold,
    }
}

fn language_name(language: Language) -> &'static str {
    match language {
        Language::TypeScript => "typescript",
        Language::Rust => "rust",
    }
}

/// Analyses a project.
pub(super) fn analyse(project: &Project, options: &Options) -> Result<Analysis, Failure> {
    let vocabulary = vocabulary(project)?;
    let modules: Vec<Module> = project
        .sources
        .files
        .par_iter()
        .enumerate()
        .map(|(index, file)| {
            lower::lower(
                FileId(u32::try_from(index).unwrap_or(u32::MAX)),
                &file.path,
                &file.text,
            )
        })
        .collect();
    let schemas = project.other_files.iter();
    let tables = schemas.flat_map(|file| lower::schema(&file.path, &file.text));
    let program = Program::new(project, &modules, tables.collect(), &vocabulary);
    let places = program.places(options.production);
    let subject = Subject::new(&program, &places);
    let book = book()?;
    let asked = |rule: &&Rule| options.rules.is_empty() || options.rules.contains(&rule.id);
    let rules: Vec<&Rule> = book.rules().iter().filter(asked).collect();
    Ok(Analysis {
        findings: subject.run(&rules),
        routes: subject
            .endpoints
            .iter()
            .map(|known| route(&subject, known))
            .collect(),
        gaps: gaps(project, &modules),
        comments: modules
            .into_iter()
            .map(|module| (module.file, module.comments))
            .collect(),
    })
}

fn vocabulary(project: &Project) -> Result<Vocabulary, Failure> {
    let files = project.settings.vocabulary.iter();
    let own: Vec<(&str, &str)> = files
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    if own.is_empty() {
        return Vocabulary::builtin()
            .cloned()
            .map_err(|error| Failure::Error(error.to_string()));
    }
    Vocabulary::with_own(&own).map_err(|error| Failure::Error(error.to_string()))
}

fn gaps(project: &Project, modules: &[Module]) -> Vec<Gap> {
    let in_file = |module: &Module| {
        let file = project.sources.get(module.file);
        let gap = |gap: &crate::model::Gap| Gap {
            kind: gap.kind,
            file: Name::from(file.path.as_ref()),
            line: file.lines.line(gap.span.start),
            message: gap.message.to_string(),
        };
        module.gaps.iter().map(gap).collect::<Vec<_>>()
    };
    modules.iter().flat_map(in_file).collect()
}
