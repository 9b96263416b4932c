# The first findings of a SARIF file, one line each, without characters that act on a terminal or a runner.
def safe: gsub("[\\p{C}\\p{Zl}\\p{Zp}]"; "?") | gsub("##\\["; "# #[");

.runs[0].results[:100][]
| .locations[0].physicalLocation as $at
| "\($at.artifactLocation.uri):\($at.region.startLine):\($at.region.startColumn): \(.level)[\(.ruleId)]: \(.message.text)"
| safe
