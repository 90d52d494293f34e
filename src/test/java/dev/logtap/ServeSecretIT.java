package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The secret that a server needs before it starts, and the ways to give it one. */
class ServeSecretIT {
  @TempDir Path directory;

  @Test
  void without_a_secret_it_does_not_start_and_names_the_variable() {
    Logtap run = setup().without("LOGTAP_JWT_SECRET").launch().expectExit(2);

    Sentence.expect(run, "LOGTAP_JWT_SECRET", "; ");
    assertEquals("", run.out());
  }

  @ParameterizedTest
  @CsvSource({"HS256, 31", "HS384, 47", "HS512, 63"})
  void secret_that_is_too_short_is_refused_and_not_shown(String algorithm, int length) {
    String secret = "s3cr".repeat(20).substring(0, length);

    Logtap run = withSecret(algorithm, secret).launch().expectExit(2);

    Sentence.expect(run, "LOGTAP_JWT_SECRET", Integer.toString(length + 1), "; ");
    assertFalse(run.err().contains("s3cr"), run::toString);
  }

  @ParameterizedTest
  @CsvSource({"HS256, 32", "HS384, 48", "HS512, 64"})
  void secret_of_the_least_length_serves_its_algorithm(String algorithm, int length) {
    String secret = "s3cr".repeat(20).substring(0, length);

    try (Server server = withSecret(algorithm, secret).start()) {
      String token = Tokens.of("tester").signed(algorithm, secret);
      server.ask("GET", "/api/v1/server/logs", "Authorization: Bearer " + token).expect(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n"})
  void secret_is_read_from_a_file_whose_last_newline_does_not_count(String end) {
    try (Server server = withSecretFile(Tokens.SECRET + end).without("LOGTAP_JWT_SECRET").start()) {
      server.get("/api/v1/server/logs").expect(200);
    }
  }

  @Test
  void only_one_newline_is_cut_from_the_file() {
    try (Server server = withSecretFile(Tokens.SECRET + "\n\n").without("LOGTAP_JWT_SECRET").start()) {
      String token = Tokens.of("tester").signed("HS256", Tokens.SECRET + "\n");
      server.ask("GET", "/api/v1/server/logs", "Authorization: Bearer " + token).expect(200);
      server.get("/api/v1/server/logs").expectRefusal(401);
    }
  }

  @Test
  void file_that_is_too_short_or_missing_is_refused() {
    Sentence.expect(withSecretFile("x".repeat(31) + "\n").without("LOGTAP_JWT_SECRET").launch().expectExit(2), "32");
    Path missing = directory.resolve("missing");
    Logtap run = setup().argument("--jwt-secret-file=" + missing).without("LOGTAP_JWT_SECRET").launch().expectExit(2);
    Sentence.expect(run, missing.toString());
  }

  @Test
  void file_and_variable_at_once_are_refused() {
    Sentence.expect(withSecretFile(Tokens.SECRET).launch().expectExit(2), "LOGTAP_JWT_SECRET", "jwt-secret-file");
  }

  @Test
  void algorithm_that_is_not_known_is_refused() {
    Sentence.expect(setup().argument("--jwt-algorithm=none").launch().expectExit(2), "jwt-algorithm");
  }

  private Server.Setup setup() {
    return Server.with("app", directory.resolve("app.log"));
  }

  private Server.Setup withSecret(String algorithm, String secret) {
    return setup().argument("--jwt-algorithm=" + algorithm).variable("LOGTAP_JWT_SECRET", secret);
  }

  private Server.Setup withSecretFile(String content) {
    Path file = new LogDirectory(directory).write("secret", content.getBytes(StandardCharsets.UTF_8));
    return setup().argument("--jwt-secret-file=" + file);
  }
}
