//! What all names on one side have and those on the other lack.
use std::collections::HashSet;

use super::load::is_counter;

/// The side whose names begin with it.
pub(super) enum Prefix<'a> {
    OfGiven(&'a str),
    OfNetwork(&'a str),
}

/// The prefix, up to a dot, in which all names of the network differ from given ones, or all given
/// ones from the network's; if there is just one.
pub(super) fn between<'a>(
    network: &'a [String],
    given: impl Iterator<Item = &'a String>,
) -> Option<Prefix<'a>> {
    let given: Vec<&str> = given.map(String::as_str).filter(|name| !is_counter(name)).collect();
    let network: Vec<&str> = network.iter().map(String::as_str).collect();
    let of_given = common(&given, &network).map(Prefix::OfGiven);
    of_given.or_else(|| common(&network, &given).map(Prefix::OfNetwork))
}

/// The one prefix that makes every name of `short` one of `long`.
fn common<'a>(long: &[&'a str], short: &[&str]) -> Option<&'a str> {
    let names: HashSet<&str> = long.iter().copied().collect();
    let first = short.first()?;
    let mut prefixes = long.iter().filter_map(|name| {
        let prefix = name.strip_suffix(first).filter(|prefix| prefix.ends_with('.'))?;
        let there = |name: &&str| names.contains(format!("{prefix}{name}").as_str());
        short.iter().all(there).then_some(prefix)
    });
    prefixes.next().filter(|_| prefixes.next().is_none())
}
