//! Keeps a whole trace on disk, for Chrome DevTools and Perfetto.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

/// A file that is being written: under another name until it is whole.
pub(super) struct Archive {
    path: PathBuf,
    part: PathBuf,
    writer: Option<GzEncoder<BufWriter<File>>>,
}

impl Archive {
    /// Makes the folder if need be.
    pub fn create(path: &Path) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = BufWriter::new(File::create(&part)?);
        Ok(Self {
            path: path.to_owned(),
            part,
            writer: Some(GzEncoder::new(file, Compression::fast())),
        })
    }

    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.writer {
            Some(writer) => writer.write_all(bytes),
            None => Ok(()),
        }
    }

    /// Ends the file and gives it its name.
    pub fn finish(mut self) -> io::Result<()> {
        if let Some(writer) = self.writer.take() {
            writer.finish()?.flush()?;
            fs::rename(&self.part, &self.path)?;
        }
        Ok(())
    }
}

impl Drop for Archive {
    fn drop(&mut self) {
        // Half a trace opens nowhere. A whole one has its own name by now.
        let _ = fs::remove_file(&self.part);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn a_whole_trace_is_there_and_half_a_trace_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("traces/a.json.gz");
        let mut archive = Archive::create(&path).unwrap();
        archive.write(b"{\"traceEvents\":").unwrap();
        archive.write(b"[]}").unwrap();
        assert!(!path.exists());
        archive.finish().unwrap();
        let mut text = String::new();
        flate2::read::GzDecoder::new(File::open(&path).unwrap())
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "{\"traceEvents\":[]}");

        let broken_off = Archive::create(&folder.path().join("traces/b.json.gz")).unwrap();
        drop(broken_off);
        assert_eq!(
            fs::read_dir(folder.path().join("traces")).unwrap().count(),
            1
        );
    }

    #[test]
    fn a_folder_that_cannot_be_is_an_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(Archive::create(&file.path().join("traces/a.json.gz")).is_err());
    }
}
