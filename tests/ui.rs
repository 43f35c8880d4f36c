//! What the compiler says: every file of `ui-tests/pass` compiles and runs, every file of
//! `ui-tests/fail` gives the error beside it. `TRYBUILD=overwrite cargo test --test ui` writes
//! the errors anew; read them before you commit them.

/// Those of `ui-tests/expanded` read files that one of the others has written.
#[test]
fn pass() {
    trybuild::TestCases::new().pass("ui-tests/pass/*.rs");
    trybuild::TestCases::new().pass("ui-tests/expanded/*.rs");
}

/// Apart from those that pass, so that all of them are built at once.
#[test]
fn fail() {
    trybuild::TestCases::new().compile_fail("ui-tests/fail/*/*.rs");
}
