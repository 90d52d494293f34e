package dev.logtap.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Keys and certificates made by the JDK's own tool, as the PEM files that people have. */
final class Keytool {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path directory;
  private final Path store;

  Keytool(Path directory) {
    this.directory = directory;
    this.store = directory.resolve("store.p12");
  }

  /** Makes a key and a certificate for localhost, signed by itself. */
  Keytool generate(String name, String algorithm, String... options) {
    List<String> arguments =
        new ArrayList<>(
            List.of("-genkeypair", "-alias", name, "-keyalg", algorithm, "-dname", "CN=" + name));
    arguments.addAll(List.of("-ext", "san=dns:localhost"));
    arguments.addAll(List.of(options));
    run(arguments);
    return this;
  }

  /** The certificates of these, in this order. */
  Path chain(String file, String... names) throws Exception {
    StringBuilder pem = new StringBuilder();
    for (String name : names) {
      pem.append(pem("CERTIFICATE", certificate(name).getEncoded()));
    }
    return write(file, pem.toString());
  }

  Path key(String file, String name) throws Exception {
    return write(file, keyPem(name));
  }

  String keyPem(String name) throws Exception {
    Key key = open().getKey(name, PASSWORD);
    return pem("PRIVATE KEY", key.getEncoded());
  }

  Certificate certificate(String name) throws Exception {
    return open().getCertificate(name);
  }

  Path write(String file, String text) throws IOException {
    return Files.writeString(directory.resolve(file), text);
  }

  private static String pem(String type, byte[] der) {
    String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n";
  }

  private KeyStore open() throws Exception {
    return KeyStore.getInstance(store.toFile(), PASSWORD);
  }

  private void run(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(arguments);
    command.addAll(List.of("-keystore", store.toString(), "-storepass", new String(PASSWORD)));
    execute(command);
  }

  static void execute(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals(0, process.waitFor(), () -> command + "\n" + said);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(command.toString(), e);
    }
  }
}
