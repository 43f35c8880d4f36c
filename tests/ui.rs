//! What the compiler says: every file of `ui-tests/pass` compiles and runs, every file of
//! `ui-tests/fail` gives the error beside it. `TRYBUILD=overwrite cargo test --test ui` writes
//! the errors anew; read them before you commit them.

#[test]
fn ui() {
    let tests = trybuild::TestCases::new();
    tests.pass("ui-tests/pass/*.rs");
    tests.compile_fail("ui-tests/fail/*.rs");
}
