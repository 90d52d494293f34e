package dev.logtap;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate for 127.0.0.1 and its key, as the JDK's keytool makes them.
 *
 * @param trust what a client needs that trusts nothing else
 */
public record Certificate(X509Certificate certificate, String certificatePem, String keyPem, SSLContext trust) {
  private static final String PASSWORD = "changeit";

  /** Makes one with a key of this kind: {@code EC} or {@code RSA}. */
  public static Certificate make(Path directory, String kind) {
    return make(directory, kind, "ip:127.0.0.1,dns:localhost");
  }

  /** The same for other names, as keytool has them. */
  public static Certificate make(Path directory, String kind, String names) {
    try {
      Path file = Files.createTempDirectory(directory, "keys").resolve("keys.p12");
      keytool(
          "-genkeypair", "-alias", "key", "-keyalg", kind, "-dname", "CN=logtap", "-validity", "2",
          "-ext", "san=" + names, "-keystore", file.toString(), "-storepass", PASSWORD);
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        keys.load(in, PASSWORD.toCharArray());
      }
      X509Certificate certificate = (X509Certificate) keys.getCertificate("key");
      byte[] key = keys.getKey("key", PASSWORD.toCharArray()).getEncoded();
      return new Certificate(
          certificate, pem("CERTIFICATE", certificate.getEncoded()), pem("PRIVATE KEY", key), trusting(certificate));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Puts both where a server looks for them. */
  public void install(Path certificateFile, Path keyFile) {
    try {
      Files.writeString(certificateFile, certificatePem);
      Files.writeString(keyFile, keyPem);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SSLContext trusting(X509Certificate certificate) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("logtap", certificate);
    TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }

  private static String pem(String kind, byte[] bytes) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
  }

  private static void keytool(String... arguments) throws IOException {
    String[] command = new String[arguments.length + 1];
    command[0] = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new AssertionError(said);
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
