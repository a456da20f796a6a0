//! The stage's certificates: one key per run, and a certificate of its own for every host.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PublicKeyData as _};
use sha2::{Digest as _, Sha256};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::server::{ClientHello, ResolvesServerCert};
use tokio_rustls::rustls::sign::{CertifiedKey, SigningKey};

use super::StageError;

/// Beyond this many hosts a certificate is made anew for each connection.
const KEPT_CERTIFICATES: usize = 1024;

/// The name for clients that send none: those that ask for an IP address.
const UNNAMED: &str = "stage.invalid";

/// Certificates that share one key, so that a browser can be told to trust that key and nothing else.
///
/// Every host has its own certificate: with a shared one, Chromium would send the requests of all hosts
/// through a single HTTP/2 connection (RFC 9113, section 9.1.1), and a tag would not pay for its own.
pub(super) struct Certificates {
    key: KeyPair,
    signer: Arc<dyn SigningKey>,
    unnamed: Arc<CertifiedKey>,
    by_host: Mutex<HashMap<String, Arc<CertifiedKey>>>,
}

impl Certificates {
    pub(super) fn new() -> Result<Self, StageError> {
        let key = KeyPair::generate().map_err(StageError::Certificate)?;
        let secret = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let signer = ring::sign::any_supported_type(&secret).map_err(StageError::Tls)?;
        let unnamed = issue(&key, &signer, UNNAMED).map_err(StageError::Certificate)?;
        Ok(Self {
            key,
            signer,
            unnamed,
            by_host: Mutex::default(),
        })
    }

    /// Base64 of the SHA-256 of the key's SubjectPublicKeyInfo, as Chromium's
    /// `--ignore-certificate-errors-spki-list` wants it.
    pub(super) fn key_hash(&self) -> String {
        STANDARD.encode(Sha256::digest(self.key.subject_public_key_info()))
    }

    fn for_host(&self, host: &str) -> Arc<CertifiedKey> {
        let mut by_host = self.by_host.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = by_host.get(host) {
            return known.clone();
        }
        // Not every SNI name can stand in a certificate; the browser trusts the key whatever the name is.
        let made = issue(&self.key, &self.signer, host).unwrap_or_else(|_| self.unnamed.clone());
        if by_host.len() < KEPT_CERTIFICATES {
            by_host.insert(host.to_owned(), made.clone());
        }
        made
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(match hello.server_name() {
            Some(host) => self.for_host(host),
            None => self.unnamed.clone(),
        })
    }
}

impl std::fmt::Debug for Certificates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Certificates")
    }
}

fn issue(
    key: &KeyPair,
    signer: &Arc<dyn SigningKey>,
    host: &str,
) -> Result<Arc<CertifiedKey>, rcgen::Error> {
    let mut params = CertificateParams::new([host.to_owned()])?;
    params.distinguished_name = DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, "tagperf stage");
    let certificate = params.self_signed(key)?;
    Ok(Arc::new(CertifiedKey::new(
        vec![certificate.der().clone()],
        signer.clone(),
    )))
}

/// Takes TLS 1.2 and 1.3 and offers HTTP/2 before HTTP/1.1.
pub(super) fn acceptor(certificates: Arc<Certificates>) -> Result<TlsAcceptor, StageError> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(StageError::Tls)?
        .with_no_client_auth()
        .with_cert_resolver(certificates);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
