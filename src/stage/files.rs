//! Files of played origins: found without leaving their folder, and read once.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use hyper::header::HeaderValue;

use super::asked::{Asked, Purpose};
use super::charset;

/// Files are kept in memory up to this sum; the others are read each time they are asked for.
const KEPT_BYTES: u64 = 32 << 20;

/// What a folder has at a URL's path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    File(PathBuf),
    /// A folder that was asked for without a slash at the end.
    Folder,
    Nothing,
}

/// Looks up the path of a URL in `root`, which must be in canonical form.
pub(super) fn find(root: &Path, url_path: &str) -> Found {
    let Some(relative) = decode(url_path) else {
        return Found::Nothing;
    };
    let wants_folder = url_path.ends_with('/');
    // Links are followed before the check: one that leads out of the folder leads nowhere.
    let Ok(path) = root.join(relative).canonicalize() else {
        return Found::Nothing;
    };
    if !path.starts_with(root) {
        return Found::Nothing;
    }
    match (path.is_dir(), wants_folder) {
        (false, false) if path.is_file() => Found::File(path),
        (true, false) => Found::Folder,
        (true, true) => match path.join("index.html").canonicalize() {
            Ok(index) if index.starts_with(root) && index.is_file() => Found::File(index),
            _ => Found::Nothing,
        },
        _ => Found::Nothing,
    }
}

/// The path of a URL as a relative path of the file system; none if a segment is no file name.
fn decode(url_path: &str) -> Option<PathBuf> {
    let mut path = PathBuf::new();
    for segment in url_path.split('/').filter(|segment| !segment.is_empty()) {
        let name = percent_decode(segment)?;
        let unfit = name == "." || name == ".." || name.contains(['/', '\0']);
        if unfit {
            return None;
        }
        path.push(name);
    }
    Some(path)
}

fn percent_decode(segment: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(segment.len());
    let mut rest = segment.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = match tail {
            [high, low, ..] if *first == b'%' => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match code {
            Some((high, low)) => {
                bytes.push(high << 4 | low);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).map(|value| value as u8)
}

/// A file's content.
#[derive(Debug)]
pub(super) enum Content {
    Kept(Bytes),
    OnDisk { path: PathBuf, bytes: u64 },
}

impl Content {
    pub(super) fn len(&self) -> u64 {
        match self {
            Content::Kept(bytes) => bytes.len() as u64,
            Content::OnDisk { bytes, .. } => *bytes,
        }
    }
}

/// Files that were asked for, as they were at first.
#[derive(Default)]
pub(super) struct Shelf {
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    bytes: u64,
    files: HashMap<PathBuf, Arc<Content>>,
}

impl Shelf {
    pub(super) fn read(&self, path: &Path) -> io::Result<Arc<Content>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(content) = kept.files.get(path) {
            return Ok(content.clone());
        }
        let bytes = fs::metadata(path)?.len();
        if kept.bytes + bytes > KEPT_BYTES {
            fs::File::open(path)?;
            return Ok(Arc::new(Content::OnDisk {
                path: path.to_owned(),
                bytes,
            }));
        }
        let content = Arc::new(Content::Kept(fs::read(path)?.into()));
        kept.bytes += content.len();
        kept.files.insert(path.to_owned(), content.clone());
        Ok(content)
    }
}

/// The type of a file, from its name, else from the URL's, else from what it is wanted for.
fn mime(file: &Path, asked: &Asked) -> &'static str {
    let by_name = |path: &Path| mime_guess::from_path(path).first_raw();
    by_name(file)
        .or_else(|| by_name(Path::new(asked.url.path())))
        .unwrap_or(match asked.purpose() {
            Purpose::Document => "text/html",
            Purpose::Script => "text/javascript",
            Purpose::Style => "text/css",
            _ => "application/octet-stream",
        })
}

pub(super) fn is_html(file: &Path, asked: &Asked) -> bool {
    mime(file, asked) == "text/html"
}

/// The `Content-Type` of a file: text is in UTF-8, unless it is HTML that says otherwise.
pub(super) fn content_type(file: &Path, content: &Content, asked: &Asked) -> HeaderValue {
    match (mime(file, asked), content) {
        ("text/html", Content::Kept(html)) => charset::of(html).content_type(),
        ("application/javascript", _) => HeaderValue::from_static("text/javascript; charset=utf-8"),
        (text, _) if text.starts_with("text/") => {
            HeaderValue::try_from(format!("{text}; charset=utf-8"))
                .unwrap_or(HeaderValue::from_static("text/plain; charset=utf-8"))
        }
        (other, _) => HeaderValue::from_static(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("site");
        fs::create_dir_all(root.join("sub dir/empty")).unwrap();
        fs::write(root.join("index.html"), "home").unwrap();
        fs::write(root.join("sub dir/index.html"), "sub").unwrap();
        fs::write(root.join("ü.css"), "").unwrap();
        fs::write(root.join("50%.js"), "").unwrap();
        fs::write(dir.path().join("secret"), "secret").unwrap();
        dir
    }

    #[test]
    fn a_path_finds_its_file() {
        let dir = folder();
        let root = dir.path().canonicalize().unwrap().join("site");
        let file = |name: &str| Found::File(root.join(name));
        let cases = [
            ("/", file("index.html")),
            ("/index.html", file("index.html")),
            ("//index.html", file("index.html")),
            ("/sub%20dir/", file("sub dir/index.html")),
            ("/sub%20dir", Found::Folder),
            ("/sub%20dir/empty/", Found::Nothing),
            ("/%C3%BC.css", file("ü.css")),
            ("/50%25.js", file("50%.js")),
            ("/50%.js", file("50%.js")),
            ("/index.html/", Found::Nothing),
            ("/none", Found::Nothing),
            ("/%ff", Found::Nothing),
        ];
        for (path, expected) in cases {
            assert_eq!(find(&root, path), expected, "{path}");
        }
    }

    #[test]
    fn no_path_leaves_the_folder() {
        let dir = folder();
        let root = dir.path().canonicalize().unwrap().join("site");
        let out = [
            "/../secret",
            "/%2e%2e/secret",
            "/..%2fsecret",
            "/%2e%2e%2fsecret",
            "/sub%20dir/../../secret",
            "/..\\secret",
            "/..%5csecret",
            "/.",
            "/index.html%00.js",
            "/%00",
        ];
        for path in out {
            assert_eq!(find(&root, path), Found::Nothing, "{path}");
        }
        let absolute = format!("/{}", dir.path().join("secret").display());
        assert_eq!(find(&root, &absolute), Found::Nothing);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_followed_within_the_folder_only() {
        use std::os::unix::fs::symlink;

        let dir = folder();
        let root = dir.path().canonicalize().unwrap().join("site");
        symlink(dir.path().join("secret"), root.join("out")).unwrap();
        symlink(dir.path(), root.join("up")).unwrap();
        symlink("sub dir", root.join("in")).unwrap();
        symlink("loop", root.join("loop")).unwrap();
        fs::create_dir(root.join("trap")).unwrap();
        symlink("../../secret", root.join("trap/index.html")).unwrap();
        for path in ["/out", "/up/secret", "/up/", "/loop", "/trap/"] {
            assert_eq!(find(&root, path), Found::Nothing, "{path}");
        }
        let index = Found::File(root.join("sub dir/index.html"));
        assert_eq!(find(&root, "/in/"), index);
    }

    #[test]
    fn a_file_stays_as_it_was_first_read_and_a_large_one_stays_on_disk() {
        let dir = folder();
        let small = dir.path().join("small");
        fs::write(&small, "one").unwrap();
        let shelf = Shelf::default();
        let first = shelf.read(&small).unwrap();
        fs::write(&small, "other").unwrap();
        assert!(Arc::ptr_eq(&first, &shelf.read(&small).unwrap()));

        let large = dir.path().join("large");
        fs::File::create(&large)
            .unwrap()
            .set_len(KEPT_BYTES + 1)
            .unwrap();
        let content = shelf.read(&large).unwrap();
        assert!(matches!(*content, Content::OnDisk { .. }), "{content:?}");
        assert_eq!(content.len(), KEPT_BYTES + 1);
        assert!(shelf.read(&dir.path().join("none")).is_err());
    }
}
