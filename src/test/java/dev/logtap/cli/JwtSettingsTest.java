package dev.logtap.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.HandmadeToken;
import dev.logtap.auth.Authority;
import dev.logtap.auth.Keys;
import dev.logtap.auth.RefusedTokenException;
import dev.logtap.config.ConfigFile;
import dev.logtap.config.Setting;
import dev.logtap.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.Signature;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;

class JwtSettingsTest {
  private static final String SECRET = "hunter2-".repeat(8);

  /** The year 9998. */
  private static final String CLAIMS = "{\"exp\":253370764800,\"iss\":\"us\",\"aud\":\"logtap\"}";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"HS256", "HS384", "HS512"})
  void server_takes_what_is_signed_with_its_secret(String algorithm) throws Exception {
    Authority authority =
        settings(Map.of("jwt-algorithm", algorithm), Map.of("LOGTAP_JWT_SECRET", SECRET), "").authority();
    byte[] secret = SECRET.getBytes(StandardCharsets.US_ASCII);

    authority.check(HandmadeToken.hmac(algorithm, secret, CLAIMS));
    secret[0]++;
    assertThrows(
        RefusedTokenException.class, () -> authority.check(HandmadeToken.hmac(algorithm, secret, CLAIMS)));
  }

  @Test
  void server_takes_what_is_signed_for_its_public_key() throws Exception {
    KeyPair pair = Keys.ec("secp256r1");
    Files.writeString(directory.resolve("key.pem"), Keys.pem(pair.getPublic()));
    Authority authority = settings(Map.of(), Map.of(), "jwt-public-key = 'key.pem'\n").authority();
    HandmadeToken token = HandmadeToken.of("{\"alg\":\"ES256\"}", CLAIMS);
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initSign(pair.getPrivate());
    signature.update(token.signed().getBytes(StandardCharsets.US_ASCII));

    authority.check(token.with(signature.sign()).text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"jwt-issuer = 'them'", "jwt-audience = 'other'"})
  void issuer_and_audience_are_the_servers(String line) throws Exception {
    byte[] secret = SECRET.getBytes(StandardCharsets.US_ASCII);
    String token = HandmadeToken.hmac("HS256", secret, CLAIMS);
    Map<String, String> environment = Map.of("LOGTAP_JWT_SECRET", SECRET);

    settings(Map.of(), environment, "jwt-issuer = 'us'\njwt-audience = 'logtap'\n").authority().check(token);
    Authority other = settings(Map.of(), environment, line + "\n").authority();
    assertThrows(RefusedTokenException.class, () -> other.check(token));
  }

  @Test
  void keys_in_the_file_are_the_options() {
    CommandSpec spec = CommandSpec.create();
    JwtSettings.addOptions(spec);

    TreeSet<String> options = new TreeSet<>();
    spec.options().forEach(option -> options.add(option.longestName().substring(2)));

    assertEquals(options, new TreeSet<>(Setting.names(JwtSettings.SETTINGS)));
  }

  @Test
  void secret_is_not_in_their_text() throws IOException {
    String text = settings(Map.of("jwt-issuer", "us"), Map.of("LOGTAP_JWT_SECRET", SECRET), "").toString();

    assertTrue(text.contains("us"), text);
    assertFalse(text.contains("hunter2"), text);
  }

  private JwtSettings settings(Map<String, String> flags, Map<String, String> environment, String serve)
      throws IOException {
    Path config = Files.writeString(directory.resolve("logtap.toml"), "[serve]\n" + serve);
    ConfigFile file = ConfigFile.load(config.toString(), Map.of());
    return JwtSettings.of(new Settings(flags, environment, file, "serve"), environment);
  }
}
