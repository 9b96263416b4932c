//! `backlint routes`

use super::analysis::{Options, analyse};
use super::args::{RoutesFormat, RoutesOptions};
use super::output::Output;
use super::{Exit, Failure, load};
use crate::finding::Secrets;
use crate::project::Project;
use crate::report::{RouteReport, routes_json, routes_table};

/// Writes every endpoint of the selected files.
pub(super) fn run(options: &RoutesOptions, output: &Output) -> Result<Exit, Failure> {
    let project = load(&options.paths)?;
    let analysis = analyse(&project, &Options::default())?;
    let secrets = Secrets::new(&analysis.findings, &project.sources);
    let routes = selected(&project, analysis.routes);
    let bytes = match options.format {
        RoutesFormat::Table => routes_table(&routes, &secrets, output.style),
        RoutesFormat::Json => routes_json(&routes, &secrets).into_bytes(),
    };
    output.write(&bytes)?;
    Ok(Exit::Clean)
}

/// The endpoints that are registered or handled under the paths that were asked for, in the order of where they are
/// registered.
pub(super) fn selected(project: &Project, mut routes: Vec<RouteReport>) -> Vec<RouteReport> {
    routes
        .retain(|route| project.selects(&route.registration.file) || project.selects(&route.file));
    routes.sort_by(|a, b| {
        let key = |route: &RouteReport| (route.registration.file.clone(), route.registration.line);
        key(a)
            .cmp(&key(b))
            .then_with(|| (&a.path, &a.method).cmp(&(&b.path, &b.method)))
    });
    routes
}
