package dev.logtap.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.logtap.Await;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TlsIdentityTest {
  @TempDir static Path directory;

  private static Keytool keys;

  @BeforeAll
  static void generate() {
    keys =
        new Keytool(directory)
            .generate("rsa", "RSA")
            .generate("rsa3072", "RSA", "-keysize", "3072", "-sigalg", "SHA256withRSA")
            .generate("ec", "EC", "-groupname", "secp256r1")
            .generate("ec384", "EC", "-groupname", "secp384r1")
            .generate("ed25519", "Ed25519")
            .generate("root", "EC", "-groupname", "secp256r1", "-ext", "bc=ca:true")
            .generate("leaf", "EC", "-groupname", "secp256r1", "-signer", "root", "-validity", "30")
            .generate("expired", "EC", "-groupname", "secp256r1", "-startdate", "-30d", "-validity", "10");
  }

  @ParameterizedTest
  @CsvSource({
    "rsa, TLSv1.3", "rsa, TLSv1.2", "rsa3072, TLSv1.3", "ec, TLSv1.3", "ec, TLSv1.2", "ec384, TLSv1.3",
    "ed25519, TLSv1.3"
  })
  void identity_of_every_kind_of_key_shakes_hands(String name, String protocol) throws Exception {
    SSLContext server = TlsIdentity.load(keys.chain("chain.pem", name), keys.key("key.pem", name));

    assertArrayEquals(new Certificate[] {keys.certificate(name)}, shakeHands(server, keys.certificate(name), protocol));
  }

  @Test
  void whole_chain_is_sent_and_its_root_trusted() throws Exception {
    SSLContext server = TlsIdentity.load(keys.chain("chain.pem", "leaf", "root"), keys.key("key.pem", "leaf"));

    Certificate[] sent = shakeHands(server, keys.certificate("root"), "TLSv1.3");

    assertArrayEquals(new Certificate[] {keys.certificate("leaf"), keys.certificate("root")}, sent);
  }

  @Test
  void only_tls_1_2_and_1_3_are_spoken() throws Exception {
    SSLContext server = TlsIdentity.load(keys.chain("chain.pem", "ec"), keys.key("key.pem", "ec"));

    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket client = new Socket(listening.getInetAddress(), listening.getLocalPort());
        Socket accepted = listening.accept()) {
      SSLSocket socket = TlsIdentity.over(accepted, server);
      assertEquals(List.of("TLSv1.3", "TLSv1.2"), List.of(socket.getEnabledProtocols()));
      assertFalse(socket.getUseClientMode());
      assertFalse(client.isClosed());
    }
  }

  @Test
  void chain_and_key_may_stand_in_one_file_with_anything_around_them() throws Exception {
    String chain = Files.readString(keys.chain("chain.pem", "ec"));
    String text = "subject=CN = ec\r\n" + keys.keyPem("ec") + "\n\n\u00e4\n" + chain.replace("\n", "\r\n");
    Path both = keys.write("both.pem", text);

    TlsIdentity.load(both, both);
  }

  @Test
  void files_may_be_links_as_those_of_certbot_are() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("link.pem"), keys.key("linked.pem", "ec"));

    TlsIdentity.load(keys.chain("chain.pem", "ec"), link);
  }

  @Test
  void expired_certificate_is_a_fact_and_no_error() throws Exception {
    Path chain = keys.chain("chain.pem", "expired");
    TlsIdentity.load(chain, keys.key("key.pem", "expired"));

    assertTrue(TlsIdentity.expiry(chain).isBefore(Instant.now()));
    assertEquals(notAfter("expired"), TlsIdentity.expiry(chain));
  }

  @Test
  void chain_expires_with_its_first_certificate_to_do_so() throws Exception {
    Instant leaf = notAfter("leaf");

    assertTrue(leaf.isBefore(notAfter("root")));
    assertEquals(leaf, TlsIdentity.expiry(keys.chain("chain.pem", "leaf", "root")));
  }

  @ParameterizedTest
  @CsvSource({"rsa, rsa3072", "rsa, ec", "ec, rsa", "ec, root", "ec, ec384", "ed25519, ec", "rsa, ed25519"})
  void key_of_another_certificate_is_refused(String certificate, String key) throws Exception {
    Path chain = keys.chain("chain.pem", certificate);
    Path other = keys.key("key.pem", key);

    assertSentence(chain, other, other, "does not belong to the first certificate in '" + chain + "'");
  }

  @Test
  void chain_that_begins_with_the_issuer_is_refused() throws Exception {
    Path chain = keys.chain("chain.pem", "root", "leaf");
    Path key = keys.key("key.pem", "leaf");

    assertSentence(chain, key, chain, "certificate 2 is not that of the issuer of certificate 1");
  }

  @Test
  void certificate_twice_is_refused() throws Exception {
    Path chain = keys.chain("chain.pem", "ec", "ec");

    assertSentence(chain, keys.key("key.pem", "ec"), chain, "can't be used for TLS");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                            | is empty
          '  '                                          | is empty
          not PEM at all                                | is no PEM
          -----BEGIN PRIVATE KEY-----~AAAA              | ends in the middle of 'PRIVATE KEY'
          -----BEGIN PRIVATE KEY-----~AAAA~-----END PRIVATE KEY-----       | is damaged
          -----BEGIN PRIVATE KEY-----~A~-----END PRIVATE KEY-----          | is damaged
          -----BEGIN PRIVATE KEY----------END PRIVATE KEY-----             | is damaged
          -----BEGIN ENCRYPTED PRIVATE KEY-----A-----END ENCRYPTED PRIVATE KEY----- | is encrypted
          -----BEGIN RSA PRIVATE KEY-----~A~-----END RSA PRIVATE KEY-----  | is a 'RSA PRIVATE KEY'
          -----BEGIN EC PRIVATE KEY-----~A~-----END EC PRIVATE KEY-----    | is a 'EC PRIVATE KEY'
          -----BEGIN CERTIFICATE-----~A~-----END CERTIFICATE-----          | holds 'CERTIFICATE' and no private key
          -----BEGIN OPENSSH PRIVATE KEY-----~A~-----END OPENSSH PRIVATE KEY----- | holds 'OPENSSH PRIVATE KEY' and no
          """)
  void key_file_that_is_none_is_refused(String text, String sentence) throws Exception {
    Path key = keys.write("key.pem", text.replace('~', '\n'));

    assertSentence(keys.chain("chain.pem", "ec"), key, key, sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                            | is empty
          not PEM at all                                | is no PEM
          -----BEGIN CERTIFICATE-----~AAAA              | ends in the middle of 'CERTIFICATE'
          -----BEGIN CERTIFICATE-----~AAAA~-----END CERTIFICATE-----       | certificate 1 is damaged
          -----BEGIN CERTIFICATE-----~A~-----END CERTIFICATE-----          | certificate 1 is damaged
          -----BEGIN PRIVATE KEY-----~A~-----END PRIVATE KEY-----          | holds 'PRIVATE KEY' and no certificate
          """)
  void certificate_file_that_is_none_is_refused(String text, String sentence) throws Exception {
    Path chain = keys.write("chain.pem", text.replace('~', '\n'));

    assertSentence(chain, keys.key("key.pem", "ec"), chain, sentence);
  }

  @Test
  void file_in_der_is_refused() throws Exception {
    Path chain = Files.write(directory.resolve("chain.der"), keys.certificate("ec").getEncoded());

    assertSentence(chain, keys.key("key.pem", "ec"), chain, "is no PEM");
  }

  @Test
  void nothing_of_a_damaged_key_is_in_the_error() throws Exception {
    String pem = keys.keyPem("ec");
    Path key = keys.write("key.pem", pem.substring(0, 60) + "\n" + pem.substring(70));

    IOException refusal =
        assertSentence(keys.chain("chain.pem", "ec"), key, key, "is damaged, or of a kind that TLS has no use for");
    assertFalse(refusal.getMessage().contains(pem.substring(40, 60)));
    assertNull(refusal.getCause());
  }

  @ParameterizedTest
  @ValueSource(strings = {"chain", "key"})
  void file_that_is_missing_is_named(String which) throws Exception {
    Path missing = directory.resolve("missing.pem");
    Path chain = which.equals("chain") ? missing : keys.chain("chain.pem", "ec");
    Path key = which.equals("key") ? missing : keys.key("key.pem", "ec");

    assertSentence(chain, key, missing, "does not exist");
  }

  @Test
  void directory_is_refused() throws Exception {
    assertSentence(keys.chain("chain.pem", "ec"), directory, directory, "is no regular file");
  }

  @Test
  void fifo_is_refused_and_not_opened() throws Exception {
    Path fifo = directory.resolve("fifo");
    Keytool.execute(List.of("mkfifo", fifo.toString()));

    assertSentence(keys.chain("chain.pem", "ec"), fifo, fifo, "is no regular file");
  }

  @Test
  void huge_file_is_refused() throws Exception {
    Path huge = keys.write("huge.pem", "x".repeat((1 << 20) + 1));

    assertSentence(keys.chain("chain.pem", "ec"), huge, huge, "is larger than 1 MiB");
  }

  @Test
  void file_that_may_not_be_read_is_refused() throws Exception {
    Path key = keys.key("closed.pem", "ec");
    Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("---------"));
    // Root reads everything.
    assumeTrue(!Files.isReadable(key));

    assertSentence(keys.chain("chain.pem", "ec"), key, key, "may not be read; let the user that runs the server");
  }

  @ParameterizedTest
  @CsvSource({
    "rsa, rsa -traditional", "ec, ec", "rsa, pkcs8 -topk8 -passout pass:secret", "ec, pkcs8 -topk8 -passout pass:secret"
  })
  void command_in_the_sentence_converts_the_key(String name, String conversion) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not here to be asked");
    Path old = directory.resolve("it's old.pem");
    Path plain = keys.key("plain.pem", name);
    String made = "openssl " + conversion + " -in \"$1\" -out \"$2\"";
    Keytool.execute(List.of("sh", "-c", made, "sh", plain.toString(), old.toString()));
    Path chain = keys.chain("chain.pem", name);

    String sentence = assertSentence(chain, old, old, "convert it with: openssl ").getMessage();
    String command = sentence.substring(sentence.indexOf("openssl "));
    // A person is asked for the password; here it is in the command.
    Keytool.execute(List.of("sh", "-c", command + " -passin pass:secret"));

    TlsIdentity.load(chain, Path.of(old + ".pkcs8"));
  }

  /** The sentence names the file, and says what to do. */
  private static IOException assertSentence(Path chain, Path key, Path wrong, String sentence) {
    IOException refusal = assertThrows(IOException.class, () -> TlsIdentity.load(chain, key));
    String subject = (wrong.equals(chain) ? "TLS certificate '" : "TLS key '") + wrong + "': ";
    String message = refusal.getMessage();
    assertTrue(message.startsWith(subject), message);
    assertTrue(message.contains(sentence), message);
    assertTrue(message.substring(subject.length()).contains("; "), message);
    assertFalse(message.contains("\n"), message);
    return refusal;
  }

  private static Instant notAfter(String name) throws Exception {
    return ((X509Certificate) keys.certificate(name)).getNotAfter().toInstant();
  }

  /** @return what the server proved itself with, after a byte each way, to a client that trusts this one only */
  private static Certificate[] shakeHands(SSLContext server, Certificate trusted, String protocol) throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread answering = Thread.ofVirtual().start(() -> answer(listening, server));
      try (SSLSocket client = (SSLSocket) trusting(trusted).getSocketFactory().createSocket()) {
        client.setSoTimeout((int) Await.DEADLINE.toMillis());
        client.connect(listening.getLocalSocketAddress());
        client.setEnabledProtocols(new String[] {protocol});
        client.getOutputStream().write('?');
        assertEquals('!', client.getInputStream().read());
        assertEquals(protocol, client.getSession().getProtocol());
        return client.getSession().getPeerCertificates();
      } finally {
        answering.join();
      }
    }
  }

  private static void answer(ServerSocket listening, SSLContext context) {
    try (Socket accepted = listening.accept();
        SSLSocket socket = TlsIdentity.over(accepted, context)) {
      if (socket.getInputStream().read() == '?') {
        socket.getOutputStream().write("!".getBytes(US_ASCII));
      }
    } catch (IOException _) {
      // The client, which reads nothing then, says so.
    }
  }

  private static SSLContext trusting(Certificate certificate) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("trusted", certificate);
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
