//! A client that trusts the stage's key and nothing else, as the browser does.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use bytes::Bytes;
use hyper::header::HeaderMap;
use hyper::{Method, Request, StatusCode};
use sha2::{Digest as _, Sha256};
use tagperf::stage::Stage;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::client::verify_server_name;
use tokio_rustls::rustls::crypto::{self, ring};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, SignatureScheme,
};

/// Nothing in these tests takes so long unless it hangs.
pub const LIMIT: Duration = Duration::from_secs(30);

pub struct Client {
    pub address: SocketAddr,
    tls: Arc<Trust>,
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|value| value.to_str().unwrap());
        value.unwrap_or_default()
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

impl Client {
    pub fn of(stage: &Stage) -> Self {
        let flag = "--ignore-certificate-errors-spki-list=";
        let flags = stage.browser_flags();
        let hash = flags.iter().find_map(|f| f.strip_prefix(flag)).unwrap();
        Self {
            address: stage.address(),
            tls: Arc::new(Trust(hash.to_owned())),
        }
    }

    /// A client that was not told of the stage's key.
    pub fn distrusting(stage: &Stage) -> Self {
        Self {
            address: stage.address(),
            tls: Arc::new(Trust(String::new())),
        }
    }

    pub async fn tcp(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    pub async fn tls(&self, host: &str, protocols: &[&str]) -> io::Result<TlsStream<TcpStream>> {
        let provider = Arc::new(ring::default_provider());
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .dangerous()
            .with_custom_certificate_verifier(self.tls.clone())
            .with_no_client_auth();
        config.alpn_protocols = protocols.iter().map(|p| p.as_bytes().to_vec()).collect();
        let name = ServerName::try_from(host.to_owned()).unwrap();
        TlsConnector::from(Arc::new(config))
            .connect(name, self.tcp().await)
            .await
    }

    /// An HTTP/2 connection to `host`.
    pub async fn h2(&self, host: &str) -> H2 {
        let stream = self.tls(host, &["h2", "http/1.1"]).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let (send, connection) = h2::client::Builder::new()
            .max_local_error_reset_streams(None)
            .initial_window_size(4 << 20)
            .initial_connection_window_size(4 << 20)
            .handshake(stream)
            .await
            .unwrap();
        tokio::spawn(async move {
            let _ = connection.await;
        });
        H2 {
            send,
            host: host.into(),
        }
    }

    /// Sends `text` over HTTP/1.1 and reads as long as there is something.
    pub async fn h1(&self, host: Option<&str>, text: &str) -> io::Result<Vec<u8>> {
        match host {
            Some(host) => exchange(self.tls(host, &["http/1.1"]).await?, text).await,
            None => exchange(self.tcp().await, text).await,
        }
    }

    /// `GET` without TLS.
    pub async fn plain(&self, host: &str, target: &str, headers: &str) -> io::Result<String> {
        let text =
            format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n");
        let bytes = self.h1(None, &text).await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

async fn exchange(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    text: &str,
) -> io::Result<Vec<u8>> {
    stream.write_all(text.as_bytes()).await?;
    stream.flush().await?;
    let mut answer = Vec::new();
    match tokio::time::timeout(LIMIT, stream.read_to_end(&mut answer)).await? {
        // A connection that is cut may be reset after what was sent.
        Ok(_) => Ok(answer),
        Err(_) if !answer.is_empty() => Ok(answer),
        Err(error) => Err(error),
    }
}

/// An HTTP/2 connection.
#[derive(Clone)]
pub struct H2 {
    send: h2::client::SendRequest<Bytes>,
    host: String,
}

impl H2 {
    pub async fn get(&mut self, path: &str, headers: &[(&str, &str)]) -> Result<Reply, h2::Error> {
        self.ask(Method::GET, path, headers, Bytes::new()).await
    }

    /// A top-level navigation.
    pub async fn open(&mut self, path: &str) -> Result<Reply, h2::Error> {
        self.get(path, &[("sec-fetch-dest", "document")]).await
    }

    /// Asks and does not wait; the task tells whether an answer came.
    pub async fn start(&self, path: &'static str) -> JoinHandle<bool> {
        let mut one = self.clone();
        let asked = tokio::spawn(async move { one.get(path, &[]).await.is_ok() });
        // The tests have one thread: the request is on its way when this task goes on.
        tokio::task::yield_now().await;
        asked
    }

    /// Asks `times` times at once and cancels before an answer can come.
    pub async fn cancel(&mut self, path: &str, times: usize) {
        let mut asked = Vec::new();
        for _ in 0..times {
            let request = Request::get(format!("https://{}{path}", self.host));
            std::future::poll_fn(|context| self.send.poll_ready(context))
                .await
                .unwrap();
            asked.push(self.send.send_request(request.body(()).unwrap(), true));
        }
        drop(asked);
        tokio::task::yield_now().await;
    }

    pub async fn ask(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Reply, h2::Error> {
        tokio::time::timeout(LIMIT, self.exchange(method, path, headers, body))
            .await
            .unwrap()
    }

    async fn exchange(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> Result<Reply, h2::Error> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("https://{}{path}", self.host));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        std::future::poll_fn(|context| self.send.poll_ready(context)).await?;
        let (response, mut upload) = self
            .send
            .send_request(request.body(()).unwrap(), body.is_empty())?;
        if !body.is_empty() {
            upload.send_data(body, true)?;
        }
        let (head, mut stream) = response.await?.into_parts();
        let mut body = Vec::new();
        while let Some(chunk) = stream.data().await {
            let chunk = chunk?;
            stream.flow_control().release_capacity(chunk.len())?;
            body.extend_from_slice(&chunk);
        }
        Ok(Reply {
            status: head.status,
            headers: head.headers,
            body,
        })
    }
}

/// Wants a certificate in the host's own name, with the key that has this hash.
#[derive(Debug)]
struct Trust(String);

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let parsed = ParsedCertificate::try_from(certificate)?;
        let hash = Sha256::digest(parsed.subject_public_key_info());
        let hash = base64::engine::general_purpose::STANDARD.encode(hash);
        if hash != self.0 {
            return Err(CertificateError::UnknownIssuer.into());
        }
        if let ServerName::DnsName(_) = host {
            verify_server_name(&parsed, host)?;
        }
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let known = &ring::default_provider().signature_verification_algorithms;
        crypto::verify_tls12_signature(message, certificate, signature, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let known = &ring::default_provider().signature_verification_algorithms;
        crypto::verify_tls13_signature(message, certificate, signature, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let provider = ring::default_provider();
        provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}
