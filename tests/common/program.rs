//! The example programs, run as a user does.
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// An example's binary, built in this test's own profile and target directory.
pub struct Program {
    path: PathBuf,
    variables: Vec<(&'static str, &'static str)>,
}

impl Program {
    pub fn build(example: &str) -> Self {
        // The test is <target>/<profile>/deps/<test>-<hash>.
        let test = std::env::current_exe().unwrap();
        let profile_dir = test.ancestors().nth(2).unwrap();
        let profile = match profile_dir.file_name().unwrap().to_str().unwrap() {
            "debug" => "dev",
            other => other,
        };
        let status = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--example", example, "--profile", profile, "--target-dir"])
            .arg(profile_dir.parent().unwrap())
            .args(if cfg!(feature = "cuda") { &["--features=cuda"][..] } else { &[] })
            // The library is built with those already.
            .args(if cfg!(feature = "full") { &["--features=full"][..] } else { &[] })
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status()
            .unwrap();
        assert!(status.success(), "the example does not build");
        let file = format!("{example}{}", std::env::consts::EXE_SUFFIX);
        Self { path: profile_dir.join("examples").join(file), variables: Vec::new() }
    }

    /// With these variables in the environment of each run.
    #[allow(dead_code, reason = "each test is a crate of its own")]
    pub fn with(&self, variables: &[(&'static str, &'static str)]) -> Self {
        Self { path: self.path.clone(), variables: variables.to_vec() }
    }

    fn run(&self, args: &[&str]) -> Output {
        let variables = self.variables.iter().copied();
        Command::new(&self.path).args(args).envs(variables).output().unwrap()
    }

    /// What a run prints that should succeed.
    pub fn stdout(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{args:?}: {stderr}");
        assert_eq!(stderr, "", "no progress bar where there is no terminal");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a run says that should fail: by an exit code, not by a panic.
    pub fn failure(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let (code, stderr) = (output.status, String::from_utf8(output.stderr).unwrap());
        assert!(matches!(code.code(), Some(1 | 2)), "{args:?}: {code}: {stderr}");
        assert!(!stderr.contains("panicked"), "{args:?}: {stderr}");
        stderr
    }
}

/// A directory of its own for a test, removed at the end.
pub struct Dir(pub PathBuf);

impl Dir {
    pub fn new(test: &str) -> Self {
        let name = format!("shapewright-{test}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
