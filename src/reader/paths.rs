use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use url::Url;

use super::{Noted, Value};

impl Value<'_> {
    /// An absolute URL of the web.
    pub fn url(self) -> Result<Url, Noted> {
        let value = self.clone();
        let help = "write the whole URL, such as https://shop.example/";
        match Url::parse(&self.text()?) {
            Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
            Ok(url) => {
                let message = format!("the scheme `{}` is not http or https", url.scheme());
                Err(value.refuse_with(message, help))
            }
            Err(error) => Err(value.refuse_with(format!("not a whole URL: {error}"), help)),
        }
    }

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
