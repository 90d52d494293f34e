package dev.logtap.server;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Reads what the server proves itself with, a certificate chain and its key, and speaks TLS with it. Nothing of a key
 * is in any message. Read by the thread that starts the server or reloads it; connections use the result on their
 * own.
 */
public final class TlsIdentity {
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PRIVATE_KEY = "PRIVATE KEY";

  /** No chain comes near it, and a log that is named by mistake is not to fill the memory. */
  private static final int LARGEST = 1 << 20;

  /** RFC 7468. Around the blocks there may be anything, and in old keys a head of their own. */
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----(.*?)-----END \\1-----", Pattern.DOTALL);

  private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----");

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  private TlsIdentity() {}

  /** One block of a PEM file, not decoded. */
  private record Block(String type, String base64) {
    byte[] bytes() {
      return Base64.getMimeDecoder().decode(base64);
    }

    /** Without what it holds: it may be a key. */
    @Override
    public String toString() {
      return type;
    }
  }

  /**
   * Reads the two PEM files. A certificate that has expired is no error here: see {@link #expiry}.
   *
   * @param chain the server's certificate, then that of its issuer, and so on; the root may be left out
   * @param key as PKCS#8, not encrypted
   * @throws IOException with a sentence that says which file is wrong, what was expected and what to do
   */
  public static SSLContext load(Path chain, Path key) throws IOException {
    List<X509Certificate> certificates = certificates(chain);
    PrivateKey privateKey = privateKey(key);
    try {
      if (!belongTogether(privateKey, certificates.getFirst())) {
        throw new IOException(
            keyFile(key) + "does not belong to the first certificate in '" + chain
                + "'; name the key that it was made with, and put the server's certificate before its issuers'");
      }
      return context(certificates, privateKey);
    } catch (GeneralSecurityException e) {
      throw new IOException(
          certificateFile(chain) + "can't be used for TLS (" + e.getMessage()
              + "); ask its issuer for a chain for web servers, and put each certificate in it once",
          e);
    }
  }

  /**
   * Until when clients accept the chain: as long as its first certificate to expire.
   *
   * @throws IOException as {@link #load} does
   */
  public static Instant expiry(Path chain) throws IOException {
    Instant expiry = Instant.MAX;
    for (X509Certificate certificate : certificates(chain)) {
      Instant end = certificate.getNotAfter().toInstant();
      expiry = end.isBefore(expiry) ? end : expiry;
    }
    return expiry;
  }

  /**
   * TLS over an accepted connection. The handshake comes with the first read or write, on the thread that does it;
   * closing the result waits for whoever writes to it, closing {@code accepted} does not.
   */
  public static SSLSocket over(Socket accepted, SSLContext context) throws IOException {
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(accepted, null, true);
    // The same as the JDK's defaults, unless the system's policy wakes the dead.
    socket.setEnabledProtocols(PROTOCOLS);
    return socket;
  }

  private static SSLContext context(List<X509Certificate> chain, PrivateKey key)
      throws GeneralSecurityException, IOException {
    char[] password = new char[0];
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, password);
    store.setKeyEntry("server", key, password, chain.toArray(Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private static List<X509Certificate> certificates(Path file) throws IOException {
    String subject = certificateFile(file);
    String expected = "; expected PEM that begins with the server's certificate, -----BEGIN CERTIFICATE-----";
    List<Block> blocks = blocks(file, subject, expected);
    List<X509Certificate> chain = new ArrayList<>();
    for (Block block : blocks) {
      if (block.type().equals(CERTIFICATE)) {
        chain.add(certificate(block, subject + "certificate " + (chain.size() + 1)));
      }
    }
    if (chain.isEmpty()) {
      throw new IOException(subject + "holds " + types(blocks) + " and no certificate" + expected);
    }
    for (int i = 1; i < chain.size(); i++) {
      if (!chain.get(i - 1).getIssuerX500Principal().equals(chain.get(i).getSubjectX500Principal())) {
        throw new IOException(
            subject + "certificate " + (i + 1) + " is not that of the issuer of certificate " + i
                + "; put the server's first, then its issuer's, and so on, each once");
      }
    }
    return chain;
  }

  private static X509Certificate certificate(Block block, String subject) throws IOException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(block.bytes()));
    } catch (CertificateException | IllegalArgumentException e) {
      throw new IOException(subject + " is damaged; copy the file again from where it was issued", e);
    }
  }

  private static PrivateKey privateKey(Path file) throws IOException {
    String subject = keyFile(file);
    String expected = "; expected PEM with a PKCS#8 key, -----BEGIN PRIVATE KEY-----";
    List<Block> blocks = blocks(file, subject, expected);
    for (Block block : blocks) {
      switch (block.type()) {
        case PRIVATE_KEY -> {
          return privateKey(block, subject);
        }
        case "ENCRYPTED PRIVATE KEY" ->
            throw new IOException(subject + "is encrypted, and a server can't ask for the password; " + convert(file));
        case "RSA PRIVATE KEY", "EC PRIVATE KEY" ->
            throw new IOException(subject + "is a '" + block.type() + "', which is not PKCS#8; " + convert(file));
        default -> {
          // Certificates and parameters may stand in the same file.
        }
      }
    }
    throw new IOException(subject + "holds " + types(blocks) + " and no private key" + expected);
  }

  private static String convert(Path file) {
    return "convert it with: openssl pkey -in " + quoted(file.toString()) + " -out " + quoted(file + ".pkcs8");
  }

  /** For a shell. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private static PrivateKey privateKey(Block block, String subject) throws IOException {
    try {
      PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(block.bytes());
      for (String algorithm : List.of("RSA", "EC", "EdDSA")) {
        try {
          return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
        } catch (InvalidKeySpecException _) {
          // Of another algorithm.
        }
      }
    } catch (GeneralSecurityException e) {
      throw new IOException(subject + "can't be read by this Java; install logtap with its own", e);
    } catch (IllegalArgumentException _) {
      // No base64: damaged as well. The cause would quote the key.
    }
    throw new IOException(
        subject + "is damaged, or of a kind that TLS has no use for"
            + "; expected an RSA, EC (P-256, P-384, P-521) or Ed25519 key");
  }

  /** Whether what the one signs the other verifies. */
  private static boolean belongTogether(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "EdDSA";
        };
    byte[] probe = "logtap".getBytes(StandardCharsets.US_ASCII);
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(probe);
    byte[] signed = signature.sign();
    try {
      signature.initVerify(certificate.getPublicKey());
      signature.update(probe);
      return signature.verify(signed);
    } catch (InvalidKeyException | SignatureException _) {
      // Keys of different algorithms, curves or sizes.
      return false;
    }
  }

  private static List<Block> blocks(Path file, String subject, String expected) throws IOException {
    String text = read(file, subject, expected);
    List<Block> blocks = new ArrayList<>();
    for (Matcher matcher = BLOCK.matcher(text); matcher.find(); ) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    if (blocks.isEmpty()) {
      Matcher begun = BEGIN.matcher(text);
      throw new IOException(
          begun.find()
              ? subject + "ends in the middle of '" + begun.group(1) + "'; copy the whole file again"
              : subject + (text.isBlank() ? "is empty" : "is no PEM") + expected);
    }
    return blocks;
  }

  private static String types(List<Block> blocks) {
    return "'" + String.join("', '", blocks.stream().map(Block::type).distinct().toList()) + "'";
  }

  private static String read(Path file, String subject, String expected) throws IOException {
    // Opening a FIFO would wait for its writer. A link is fine: certbot's names are links.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException(subject + "is no regular file" + expected);
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LARGEST + 1);
    } catch (NoSuchFileException _) {
      throw new IOException(subject + "does not exist; name one that does");
    } catch (AccessDeniedException _) {
      throw new IOException(subject + "may not be read; let the user that runs the server read it");
    } catch (IOException e) {
      throw new IOException(subject + "can't be read; check the disk, or name another file", e);
    }
    if (bytes.length > LARGEST) {
      throw new IOException(subject + "is larger than 1 MiB" + expected);
    }
    // What PEM means is ASCII, and this takes any byte of what surrounds it.
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String certificateFile(Path file) {
    return "TLS certificate '" + file + "': ";
  }

  private static String keyFile(Path file) {
    return "TLS key '" + file + "': ";
  }
}
