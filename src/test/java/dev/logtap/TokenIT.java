package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.logtap.auth.Keys;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that the installed program makes, and what it refuses to make, checked with nothing of its own. */
class TokenIT {
  private static final String VARIABLE = "LOGTAP_JWT_SECRET";

  /** Long enough for all algorithms; nothing that it prints may hold its first word. */
  private static final String SECRET = "hunter2-".repeat(8);

  private static final KeyPair EC = Keys.ec("secp256r1");

  @TempDir Path directory;

  private LogDirectory files;

  @BeforeEach
  void noFiles() {
    files = new LogDirectory(directory);
  }

  @Test
  void token_is_one_line_and_opens_everything_for_eight_hours() {
    long before = Instant.now().getEpochSecond();

    Logtap run = token("");

    Map<String, Object> claims = claims(run);
    long issued = ((Number) claims.remove("iat")).longValue();
    assertTrue(before <= issued && issued <= Instant.now().getEpochSecond(), run::toString);
    assertEquals(issued + 8 * 3600, ((Number) claims.remove("exp")).longValue(), run::toString);
    assertEquals(Map.of(), claims);
    assertTrue(run.out().matches("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\n"), run::toString);
    assertEquals("", run.err());
  }

  @ParameterizedTest
  @CsvSource({"HS256", "HS384", "HS512"})
  void token_is_signed_as_the_setting_says(String algorithm) {
    Logtap run = token("--jwt-algorithm " + algorithm);

    HandmadeToken token = HandmadeToken.parse(run.expectExit(0).out().strip());
    assertTrue(token.isSignedWith(algorithm, SECRET.getBytes(StandardCharsets.US_ASCII)), run::toString);
    assertEquals(algorithm, json(token.header()).get("alg"));
  }

  @ParameterizedTest
  @CsvSource({"10s, 10", "5m, 300", "2d, 172800", "1500ms, 2", "1ms, 1"})
  void lifetime_can_be_chosen(String ttl, long seconds) {
    Map<String, Object> claims = claims(token("--ttl " + ttl));

    assertEquals(seconds, ((Number) claims.get("exp")).longValue() - ((Number) claims.get("iat")).longValue());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--logs mysql,nginx-error", "--logs mysql --logs nginx-error", "--logs nginx-error,mysql,mysql"})
  void scope_is_given_by_commas_or_several_times(String logs) {
    Map<String, Object> claims = claims(token(logs + " --environments=staging --environments 5f0c-uuid --subject ann"));

    assertEquals(List.of("mysql", "nginx-error"), claims.get("logs"));
    assertEquals(List.of("5f0c-uuid", "staging"), claims.get("environments"));
    assertEquals("ann", claims.get("sub"));
  }

  @Test
  void empty_scope_opens_nothing() {
    Map<String, Object> claims = claims(token("--logs= --environments="));

    assertEquals(List.of(), claims.get("logs"));
    assertEquals(List.of(), claims.get("environments"));
  }

  @Test
  void log_of_this_run_can_be_named() {
    Map<String, Object> claims = claims(token("--logs app " + files.log("app", "")));

    assertEquals(List.of("app"), claims.get("logs"));
  }

  @Test
  void settings_come_from_the_file_of_the_server_that_is_to_take_it() {
    files.write("etc/keys/secret", (SECRET + "\n").getBytes(StandardCharsets.US_ASCII));
    String config =
        files.config(
            "etc/logtap.toml",
            """
            [serve]
            listen = "127.0.0.1:8000"
            jwt-secret-file = "keys/secret"
            jwt-algorithm = "HS512"
            jwt-issuer = "us"
            jwt-audience = "logtap"
            [token]
            subject = "cron"
            ttl = "1h"
            logs = ["mysql", "php-fpm"]
            environments = "staging"
            """);

    Logtap run = Logtap.run("token", "--config", config);
    Map<String, Object> claims = claims(run, "HS512", SECRET);

    assertEquals(3600, ((Number) claims.remove("exp")).longValue() - ((Number) claims.remove("iat")).longValue());
    assertEquals(List.of("mysql", "php-fpm"), claims.remove("logs"));
    assertEquals(List.of("staging"), claims.remove("environments"));
    assertEquals(Map.of("sub", "cron", "iss", "us", "aud", "logtap"), claims);
  }

  @Test
  void flag_counts_more_than_variable_and_variable_more_than_file() {
    String toml = "[serve]\njwt-issuer = 'file'\njwt-audience = 'file'\n[token]\nlogs = ['php-fpm']\n";
    String config = files.config("logtap.toml", toml);
    Map<String, String> environment = new HashMap<>(Map.of(VARIABLE, SECRET, "LOGTAP_LOGS", "mysql,php-fpm"));
    environment.put("LOGTAP_JWT_ISSUER", "variable");
    environment.put("LOGTAP_JWT_AUDIENCE", "variable");

    Map<String, Object> claims = claims(Logtap.run(environment, "token", "--config", config, "--jwt-issuer", "flag"));

    assertEquals("flag", claims.get("iss"));
    assertEquals("variable", claims.get("aud"));
    assertEquals(List.of("mysql", "php-fpm"), claims.get("logs"));
  }

  @ParameterizedTest
  @CsvSource({"'', ''", "'\n', ''", "'\r\n', ''", "'\n\n', '\n'", "'\r', '\r'", "' \n', ' '", "'\r\n\r\n', '\r\n'"})
  void last_newline_of_a_secret_file_is_cut_and_nothing_else(String end, String kept) {
    Path file = files.write("secret", (SECRET + end).getBytes(StandardCharsets.US_ASCII));

    claims(Logtap.run("token", "--jwt-secret-file", file.toString()), "HS256", SECRET + kept);
    claims(Logtap.run(Map.of("LOGTAP_JWT_SECRET_FILE", file.toString()), "token"), "HS256", SECRET + kept);
  }

  @Test
  void secret_may_be_any_bytes_in_a_file_and_any_text_in_the_variable() {
    byte[] bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    String umlauts = "\u00fc\ud83d\ude00".repeat(8);

    Logtap byFile = Logtap.run("token", "--jwt-secret-file", files.write("secret", bytes).toString()).expectExit(0);
    Logtap byVariable = Logtap.run(Map.of(VARIABLE, umlauts), "token").expectExit(0);

    assertTrue(HandmadeToken.parse(byFile.out().strip()).isSignedWith("HS256", bytes), byFile::toString);
    claims(byVariable, "HS256", umlauts);
  }

  @Test
  void variable_that_is_not_utf8_is_2_and_not_another_secret() {
    Logtap run = Script.start(VARIABLE + "=$(printf '" + SECRET + "\\377') exec \"$0\" token");

    expectSentence(run.expectExit(2), VARIABLE, "not UTF-8", "--jwt-secret-file");
  }

  @Test
  void secret_can_come_from_a_pipe() {
    Logtap run = Script.start("printf %s " + SECRET + " | \"$0\" token --jwt-secret-file /dev/stdin");

    claims(run, "HS256", SECRET);
  }

  @Test
  void no_secret_is_2_and_names_the_variable() {
    expectSentence(Logtap.run("token").expectExit(2), VARIABLE, "--jwt-secret-file");
    expectSentence(Logtap.run(Map.of(VARIABLE, ""), "token").expectExit(2), VARIABLE);
  }

  @Test
  void secret_in_file_and_variable_is_2() {
    String file = files.write("secret", SECRET.getBytes(StandardCharsets.US_ASCII)).toString();
    String config = files.config("logtap.toml", "[serve]\njwt-secret-file = 'secret'\n");

    expectSentence(token("--jwt-secret-file " + file).expectExit(2), VARIABLE, "--jwt-secret-file", "keep one");
    expectSentence(token("--config " + config).expectExit(2), VARIABLE, "--jwt-secret-file", "keep one");
  }

  @ParameterizedTest
  @CsvSource({"HS256, 31", "HS384, 47", "HS512, 63"})
  void short_secret_is_2(String algorithm, int length) {
    String secret = SECRET.substring(0, length);
    String file = files.write("secret", (secret + "\n").getBytes(StandardCharsets.US_ASCII)).toString();
    String needs = length + 1 + " bytes that " + algorithm + " needs";

    expectSentence(
        Logtap.run(Map.of(VARIABLE, secret), "token", "--jwt-algorithm", algorithm).expectExit(2), VARIABLE, needs);
    expectSentence(
        Logtap.run("token", "--jwt-secret-file", file, "--jwt-algorithm", algorithm).expectExit(2), file, needs);
  }

  @Test
  void secret_file_that_is_none_is_2() {
    Path large = files.write("large", new byte[(64 << 10) + 1]);

    for (String[] wrong :
        new String[][] {
          {directory + "/missing", "does not exist"},
          {directory.toString(), "can't be read"},
          {large.toString(), "larger than 64 KiB"},
          {"/dev/zero", "larger than 64 KiB"},
          {"/dev/null", "shorter than"},
          {large + "/x", "can't be read"},
        }) {
      expectSentence(Logtap.run("token", "--jwt-secret-file", wrong[0]).expectExit(2), "'" + wrong[0] + "'", wrong[1]);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--ttl 0s, --ttl",
    "--ttl 0, --ttl",
    "--ttl 8, --ttl",
    "--ttl -1h, --ttl",
    "--ttl=, --ttl",
    "--ttl, --ttl",
    "--subject=, --subject",
    "'--logs mysql,', --logs",
    "--logs, --logs",
    "'--environments ,', --environments",
    "--jwt-issuer=, --jwt-issuer",
    "--jwt-audience=, --jwt-audience",
    "--jwt-algorithm HS1, --jwt-algorithm",
    "--jwt-algorithm none, --jwt-algorithm",
    "--jwt-algorithm hs256, --jwt-algorithm",
    "--jwt-algorithm RS256, --jwt-public-key",
    "--jwt-algorithm ES256, --jwt-public-key",
    "--jwt-secret-file=, --jwt-secret-file",
    "--tll 8h, did you mean '--ttl'?",
    "--jwt-secret x, no such option",
    "mysql, takes no names",
  })
  void wrong_option_is_2_and_named(String option, String named) {
    expectSentence(token(option).expectExit(2), named);
  }

  @Test
  void unknown_log_is_2_with_a_suggestion() {
    Logtap slip = token("--logs mysql,nginx-eror").expectExit(2);

    expectSentence(slip, "nginx-eror", "did you mean 'nginx-error'?", "php-fpm");
    expectSentence(token("--logs ../mysql").expectExit(2), "../mysql", "allowlist");
  }

  @Test
  void slip_in_its_own_table_is_2_and_one_in_the_servers_is_not() {
    String own = files.config("own.toml", "[token]\ntll = '8h'\n");
    String servers = files.config("servers.toml", "[serve]\nlistne = 'x'\n");

    expectSentence(token("--config " + own).expectExit(2), own + ":2: 'tll'", "subject, ttl, logs, environments");
    claims(token("--config " + servers));
  }

  @Test
  void only_the_holder_of_the_secretkey_can_sign() {
    String key = files.config("key.pem", Keys.pem(EC.getPublic()));

    Logtap named = Logtap.run("token", "--jwt-public-key", key, "--jwt-algorithm", "ES256");

    expectSentence(Logtap.run("token", "--jwt-public-key", key).expectExit(2), "token", "private key");
    expectSentence(named.expectExit(2), "token", "private key");
  }

  @Test
  void public_key_that_can_not_count_is_2() {
    String key = files.config("key.pem", Keys.pem(EC.getPublic()));
    String secret = files.config("private.pem", Keys.pem("PRIVATE KEY", EC.getPrivate()));
    String small = files.config("small.pem", Keys.pem(Keys.rsa(1024).getPublic()));

    expectSentence(token("--jwt-public-key " + key).expectExit(2), "--jwt-public-key", VARIABLE, "keep one");
    expectSentence(
        Logtap.run("token", "--jwt-public-key", key, "--jwt-algorithm", "RS256").expectExit(2), "RS256", "ES256", key);
    expectSentence(
        Logtap.run("token", "--jwt-public-key", key, "--jwt-algorithm", "HS256").expectExit(2), "HS256", "ES256", key);
    expectSentence(Logtap.run("token", "--jwt-public-key", secret).expectExit(2), secret, "is a private key");
    expectSentence(Logtap.run("token", "--jwt-public-key", small).expectExit(2), small, "1024 bits");
    expectSentence(Logtap.run("token", "--jwt-public-key", key + "x").expectExit(2), key + "x", "does not exist");
  }

  @Test
  void debug_tells_no_secret_either() {
    Logtap good = token("--debug");
    Logtap bad = Logtap.run(Map.of(VARIABLE, SECRET.substring(0, 10)), "token", "--debug").expectExit(2);

    claims(good);
    assertFalse((good.out() + good.err() + bad.out() + bad.err()).contains("hunter2"), () -> good + "\n" + bad);
  }

  @Test
  void output_that_can_not_be_written_is_1_and_no_token_on_stderr() {
    Logtap run = Script.start(Map.of(VARIABLE, SECRET), "exec \"$0\" token >/dev/full").expectExit(1);

    expectSentence(run, "standard output");
    assertFalse(run.err().contains("eyJ"), run::toString);
  }

  @Test
  void reader_that_has_gone_is_no_failure() {
    String script =
        "cd \"$1\"; { until [ -e gone ]; do sleep 0.01; done; \"$0\" token; echo \"exit $?\" >&2; } |"
            + " { exec <&-; : >gone; }";

    assertEquals("exit 0\n", Script.start(Map.of(VARIABLE, SECRET), script, directory).awaitExit().err());
  }

  @Test
  void token_goes_through_a_pipe_as_it_is() {
    Logtap run = Script.start(Map.of(VARIABLE, SECRET), "\"$0\" token --subject ann | head -n 1");

    assertEquals("ann", claims(run).get("sub"));
  }

  /** With the secret in its variable. */
  private static Logtap token(String arguments) {
    List<String> words = new ArrayList<>(List.of("token"));
    if (!arguments.isEmpty()) {
      words.addAll(List.of(arguments.split(" ")));
    }
    return Logtap.run(Map.of(VARIABLE, SECRET), words.toArray(String[]::new));
  }

  private static Map<String, Object> claims(Logtap run) {
    return claims(run, "HS256", SECRET);
  }

  /** What a token says whose signature is right. */
  private static Map<String, Object> claims(Logtap run, String algorithm, String secret) {
    HandmadeToken token = HandmadeToken.parse(run.expectExit(0).out().strip());
    assertTrue(token.isSignedWith(algorithm, secret.getBytes(StandardCharsets.UTF_8)), run::toString);
    assertEquals("JWT", json(token.header()).get("typ"));
    assertNull(json(token.header()).get("kid"));
    return json(token.claims());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> json(String text) {
    try {
      return new HashMap<>(new ObjectMapper().readValue(text, Map.class));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  /** A sentence on stderr, nothing on stdout, and the secret nowhere. */
  private static void expectSentence(Logtap wrong, String... words) {
    assertEquals("", wrong.out(), wrong::toString);
    assertFalse(wrong.err().contains("hunter2"), wrong::toString);
    Sentence.expect(wrong, words);
  }
}
