# For the scripts here: where things are.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# cargo's target directory, as an absolute path
target=$(realpath -m "${CARGO_TARGET_DIR:-$repository/target}")

# The directory of cudarc's sources, of the version that dfdx uses.
cudarc_sources() {
    local manifest
    manifest=$(cargo metadata --quiet --format-version 1 --features cuda --manifest-path "$repository/Cargo.toml" |
        grep -oE '"manifest_path":"[^"]*/cudarc-[0-9][^"/]*/Cargo\.toml"' | head -n 1 | cut -d '"' -f 4)
    [[ -n $manifest ]] || { echo "cargo knows no cudarc among this crate's dependencies" >&2; return 1; }
    dirname "$manifest"
}
