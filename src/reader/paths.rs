use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use super::{Noted, Value};

impl Value<'_> {
    /// A file that can be opened; relative paths start at `folder`.
    pub fn file(self, folder: &Path) -> Result<PathBuf, Noted> {
        self.path(folder, |path| {
            if path.is_dir() {
                return Err(io::Error::from(io::ErrorKind::IsADirectory));
            }
            File::open(path).map(drop)
        })
    }

    /// A folder that can be listed; relative paths start at `folder`.
    pub fn folder(self, folder: &Path) -> Result<PathBuf, Noted> {
        self.path(folder, |path| fs::read_dir(path).map(drop))
    }

    fn path(
        self,
        folder: &Path,
        open: impl FnOnce(&Path) -> io::Result<()>,
    ) -> Result<PathBuf, Noted> {
        let value = self.clone();
        let path = folder.join(self.text()?);
        match open(&path) {
            Ok(()) => Ok(path),
            Err(error) => Err(value.refuse_with(
                format!("cannot open it: {}", error.kind()),
                format!("looked for {}", path.display()),
            )),
        }
    }
}
