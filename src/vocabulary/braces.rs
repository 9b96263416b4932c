//! Braces in paths: `{a,b}` stands for either text.

/// How many texts the braces of one path may stand for.
const MAX_ALTERNATIVES: usize = 1024;

/// How long a path may be, in bytes.
const MAX_LENGTH: usize = 2048;

/// The texts that the braces stand for, in the order in which they are written.
pub(super) fn expand(text: &str) -> Result<Vec<String>, String> {
    if text.len() > MAX_LENGTH {
        return Err(format!(
            "a path of {} bytes; at most {MAX_LENGTH} are read",
            text.len()
        ));
    }
    let mut done = Vec::new();
    let mut open = vec![text.to_owned()];
    while let Some(next) = open.pop() {
        let Some(start) = next.find('{') else {
            if next.contains('}') {
                return Err(format!("`{text}` has a `}}` without a `{{`"));
            }
            done.push(next);
            continue;
        };
        let (before, from_brace) = next.split_at(start);
        let (choices, after) = split_braces(from_brace)
            .ok_or_else(|| format!("`{text}` has a `{{` without a `}}`"))?;
        if done.len() + open.len() + choices.len() > MAX_ALTERNATIVES {
            return Err(format!(
                "the braces of `{text}` stand for more than {MAX_ALTERNATIVES} paths"
            ));
        }
        // Last in, first out: the first choice has to be pushed last.
        for choice in choices.iter().rev() {
            open.push(format!("{before}{choice}{after}"));
        }
    }
    Ok(done)
}

/// Splits `{a,b{c,d}}rest` into its choices and the rest.
fn split_braces(text: &str) -> Option<(Vec<&str>, &str)> {
    let mut depth = 0_usize;
    let mut choices = Vec::new();
    let mut from = 1;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            ',' if depth == 1 => {
                choices.push(text.get(from..at)?);
                from = at + 1;
            }
            '}' => {
                depth -= 1;
                if depth == 0 {
                    choices.push(text.get(from..at)?);
                    return Some((choices, text.get(at + 1..)?));
                }
            }
            _ => {}
        }
    }
    None
}
