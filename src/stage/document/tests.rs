use proptest::prelude::*;

use super::*;
use crate::model::UrlPattern;

const START: &str = "<i0>";
const HEAD: &str = "<i1>";
const BODY: &str = "<i2>";

/// One insert for each place, two for the head, and everything of `ads.example` blocked.
fn staging() -> Staging {
    let insert = |place, html: &str| Insert {
        tag: "t".into(),
        place,
        html: html.into(),
    };
    Staging {
        inserts: vec![
            insert(Place::Body, BODY),
            insert(Place::Head, HEAD),
            insert(Place::HeadStart, START),
            insert(Place::Head, "<i1b>"),
        ],
        plays: Vec::new(),
        blocks: vec![UrlPattern("*://ads.example/*".into())],
    }
}

fn stage(html: &[u8], staging: &Staging) -> (String, Document) {
    let url = Url::parse("https://shop.example/a/?q").unwrap();
    let file = Arc::new(Content::Kept(html.to_vec().into()));
    let document = Document::stage(&file, html, &url, staging);
    let Content::Kept(out) = &*document.content else {
        panic!("a document is kept in memory");
    };
    (String::from_utf8_lossy(out).into_owned(), document)
}

#[test]
fn inserts_stand_where_a_browser_opens_and_closes_head_and_body() {
    // [ is the start of the head, ] its end, | the end of the body, ^ as well with a body to be opened.
    let cases = [
        "<!doctype html><html><head>[<title>t</title>]</head><body><p>x|</body></html>",
        "<HTML><HEAD lang=en>[<META x>]</HEAD><BODY>|</BODY></HTML>",
        "<!-- c --> <!doctype html>\n<html lang=en>\n[<title>t</title>\n<link href=a.css>]<body class=b>x|</body>\n</html>\n",
        "[<title>t</title><script>'<body>'</script>]<p>x</p>|",
        "<head>[<title>a</title>]<div>no head goes on behind a div</div></head><body>x|</body>",
        "<head>[<noscript><img src=x></noscript><template><p>in a template</p></template><style>p{}</style>]</head>x|",
        "<head>[<title>t</title>]</head>\n<body>x</div>|</body><!-- behind -->",
        "[]just text|",
        "[]&nbsp;<title>late</title>|",
        "<html>[]<body>x|</html>",
        "<html><head>[]</head><body><table><tr><td>x|</html>",
        "[]<body>x<svg><title>s</title><script>1</script></svg>|</body>",
        "<html><head>[<title>t</title>]</head>^</html>",
        "<html><head>[<title>t</title>^",
        "[^",
        "<!-- only a comment --> [^",
        "<head>[<title>t</title>]</head><body>x|</body><p>more</p></body></html>",
        "<head>[<script>var a = '</head><body>';</script><!-- </head> -->]</head><body>x|</body>",
    ];
    for marked in cases {
        let html = marked.replace(['[', ']', '|', '^'], "");
        let mut expected = marked
            .replace('[', START)
            .replace('|', BODY)
            .replace(']', "<i1><i1b>");
        let opened = format!("<body>{BODY}");
        expected = match marked.contains(']') {
            true => expected.replace('^', &opened),
            false => expected.replace('^', &format!("<i1><i1b>{opened}")),
        };
        let (out, document) = stage(html.as_bytes(), &staging());
        assert_eq!(out, expected);
        assert_eq!(document.problems, [""; 0], "{html}");
    }
}

#[test]
fn an_insert_without_a_place_is_reported_and_the_rest_stays_as_it_is() {
    let unclosed = [
        "<head></head><body><script>var a = 1;",
        "<head></head><body><!-- never closed",
        "<head></head><body><textarea>",
        "<head></head><body><template><p>",
        "<head></head><body><svg><g>",
        "<head></head><body><p clas",
        "<head></head><body><plaintext>",
        "<head></head><body><svg><g></body>",
    ];
    for html in unclosed {
        let (out, document) = stage(html.as_bytes(), &staging());
        assert_eq!(out, html.replace("<head>", "<head><i0><i1><i1b>"));
        let [problem] = &document.problems[..] else {
            panic!("{html}: {:?}", document.problems);
        };
        assert!(
            problem.contains("tag `t` was not put at the end of the body"),
            "{problem}"
        );
    }
    let (out, document) = stage(b"<head></head><frameset><frame></frameset>", &staging());
    assert_eq!(
        out,
        "<head><i0><i1><i1b></head><frameset><frame></frameset>"
    );
    assert!(
        document.problems[0].contains("frames"),
        "{:?}",
        document.problems
    );
    let (out, document) = stage(b"<title>never closed", &staging());
    assert_eq!(out, "<i0><title>never closed");
    assert_eq!(document.problems.len(), 3);
}

#[test]
fn elements_that_load_a_blocked_url_are_taken_out() {
    let gone = [
        "<script src=//ads.example/a.js></script>",
        "<script async src='https://ads.example/a.js?x=1&amp;y=2'>fallback</script>",
        "<SCRIPT SRC=\" https://ADS.example/a.js \" ></SCRIPT >",
        "<img src=https&#58;//ads.example/p.gif alt='>'>",
        "<link rel=preconnect href=https://ads.example>",
        "<iframe src=https://ads.example/f><p>text</p></iframe>",
    ];
    let stays = [
        "<script src=https://other.example/?u=ads.example></script>",
        "<script>load('https://ads.example/a.js')</script>",
        "<a href=https://ads.example/>x</a>",
        "<img src='https://&bad;ads.example/'>",
        "<script src></script>",
        "<!-- <script src=//ads.example/a.js></script> -->",
        "<noscript><img src=https://ads.example/p.gif></noscript>",
    ];
    let blocks = Staging {
        inserts: Vec::new(),
        ..staging()
    };
    for element in gone {
        let (out, document) = stage(format!("<p>a</p>{element}<p>b</p>").as_bytes(), &blocks);
        assert_eq!(out, "<p>a</p><p>b</p>");
        assert_eq!(document.problems, [""; 0]);
    }
    for element in stays {
        let html = format!("<p>a</p>{element}<p>b</p>");
        assert_eq!(stage(html.as_bytes(), &blocks).0, html);
    }
    let base = "<script src=1.js></script><base href=//ads.example/x/><base href=/>";
    let html = format!("{base}<script src=2.js></script>");
    assert_eq!(stage(html.as_bytes(), &blocks).0, base);
    let (out, _) = stage(b"<p>a<iframe src=//ads.example/>never closed", &blocks);
    assert_eq!(out, "<p>a");
}

#[test]
fn an_insert_beside_a_blocked_element_stays() {
    let html = "<head><script src=//ads.example/a.js></script></head><body>x<img src=//ads.example/b></body>";
    let (out, document) = stage(html.as_bytes(), &staging());
    assert_eq!(out, "<head><i0><i1><i1b></head><body>x<i2></body>");
    assert_eq!(document.problems, [""; 0]);
}

#[test]
fn a_document_keeps_its_encoding() {
    let latin = b"<head><meta charset=iso-8859-1></head><body>caf\xe9</body>";
    let file = |bytes: &[u8]| Arc::new(Content::Kept(bytes.to_vec().into()));
    let url = Url::parse("https://shop.example/").unwrap();
    let document = Document::stage(&file(latin), latin, &url, &staging());
    assert_eq!(document.content_type, "text/html; charset=iso-8859-1");
    let Content::Kept(out) = &*document.content else {
        panic!("a document is kept in memory");
    };
    assert_eq!(
        &out[..],
        b"<head><i0><meta charset=iso-8859-1><i1><i1b></head><body>caf\xe9<i2></body>"
    );

    let mut beyond = staging();
    beyond.inserts[0].html = "<i2 title='é'>".into();
    let document = Document::stage(&file(latin), latin, &url, &beyond);
    assert!(
        document.problems[0].contains("beyond ascii"),
        "{:?}",
        document.problems
    );

    let wide = b"\xff\xfe<\0p\0>\0";
    let document = Document::stage(&file(wide), wide, &url, &staging());
    assert_eq!(document.content_type, "text/html; charset=utf-16le");
    assert!(
        document.problems[0].contains("utf-16le"),
        "{:?}",
        document.problems
    );

    let (out, document) = stage("\u{feff}<p>é</p>".as_bytes(), &staging());
    assert_eq!(out, "<i0><i1><i1b><p>é</p><i2>");
    assert_eq!(document.content_type, "text/html; charset=utf-8");
}

#[test]
fn without_inserts_and_blocks_no_byte_changes() {
    let html = b"\xef\xbb\xbf<p>\xff\xfe";
    let (_, document) = stage(html, &Staging::default());
    let Content::Kept(out) = &*document.content else {
        panic!("a document is kept in memory");
    };
    assert_eq!(&out[..], html);
}

/// Pieces of documents, whole and broken.
const PIECES: &[&str] = &[
    "<!doctype html>",
    "<html>",
    "<head>",
    "<meta charset=utf-8>",
    "<title>t</title>",
    "<title>",
    "<script>1</script>",
    "<script src=//ads.example/a.js></script>",
    "<script>",
    "</script>",
    "<template>",
    "</template>",
    "<svg>",
    "</svg>",
    "<!--",
    "-->",
    "</head>",
    "<body>",
    "<p>",
    "text",
    " ",
    "\n",
    "<img src=//ads.example/p>",
    "<iframe src=//ads.example/f>",
    "</iframe>",
    "<frameset>",
    "</body>",
    "</html>",
    "<textarea>",
    "<",
    "<p cl",
    "&amp;",
    "é",
    "\u{feff}",
];

proptest! {
    #[test]
    fn every_insert_is_put_in_once_or_reported(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..12),
    ) {
        let html = pieces.concat();
        let inserts = Staging { blocks: Vec::new(), ..staging() };
        let (out, document) = stage(html.as_bytes(), &inserts);
        let mut rest = out.clone();
        let mut placed = 0;
        for insert in &inserts.inserts {
            placed += rest.matches(&insert.html).count();
            rest = rest.replacen(&insert.html, "", 1);
        }
        prop_assert_eq!(placed + document.problems.len(), inserts.inserts.len());
        let opened = placed > 0 && rest.matches("<body>").count() > html.matches("<body>").count();
        if opened {
            let at = rest.rfind("<body>").unwrap();
            rest.replace_range(at..at + "<body>".len(), "");
        }
        prop_assert_eq!(rest, html.strip_prefix('\u{feff}').unwrap_or(&html));
    }

    #[test]
    fn taking_out_and_putting_in_never_fails(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..16),
    ) {
        let (out, document) = stage(pieces.concat().as_bytes(), &staging());
        let placed: usize = [START, HEAD, "<i1b>", BODY].iter().map(|i| out.matches(i).count()).sum();
        prop_assert_eq!(placed + document.problems.len(), 4);
    }
}
