package dev.logtap.cli;

import dev.logtap.auth.Authority;
import dev.logtap.auth.HmacSecret;
import dev.logtap.auth.PemPublicKey;
import dev.logtap.auth.SignatureAlgorithm;
import dev.logtap.auth.UnusableKeyException;
import dev.logtap.auth.VerificationKey;
import dev.logtap.config.ConfigException;
import dev.logtap.config.Setting;
import dev.logtap.config.Settings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/**
 * By what tokens are known: the same for the server that checks them and the command that makes them,
 * and so read from the same places. The secret itself is never on a command line, where all users see it.
 *
 * @param issuer null where it does not matter
 * @param audience null where it does not matter
 */
record JwtSettings(VerificationKey key, String issuer, String audience) {
  private static final String VARIABLE = "LOGTAP_JWT_SECRET";

  private static final Setting<Path> SECRET_FILE = Setting.path("jwt-secret-file", null);
  private static final Setting<Path> PUBLIC_KEY = Setting.path("jwt-public-key", null);
  private static final List<String> ALGORITHMS = Arrays.stream(SignatureAlgorithm.values()).map(Enum::name).toList();
  private static final Setting<String> ALGORITHM = Setting.oneOf("jwt-algorithm", ALGORITHMS, null);
  private static final Setting<String> ISSUER = Setting.text("jwt-issuer", "the issuer's name", null);
  private static final Setting<String> AUDIENCE = Setting.text("jwt-audience", "the audience's name", null);

  /** As they stand in the file's {@code [serve]}. */
  static final List<Setting<?>> SETTINGS = List.of(SECRET_FILE, ALGORITHM, PUBLIC_KEY, ISSUER, AUDIENCE);

  static void addOptions(CommandSpec spec) {
    spec.addOption(
        Flags.option("FILE", "The secret that signs tokens, 32 bytes or more; or set " + VARIABLE + ".", "--jwt-secret-file"));
    spec.addOption(
        Flags.choice(
            ALGORITHMS,
            "NAME",
            "HS256 (the default), or HS384 or HS512 with a secret of 48 or 64 bytes; RS256 or ES256 with a public key.",
            "--jwt-algorithm"));
    spec.addOption(
        Flags.option("FILE", "Check tokens with this key (PEM) instead of a secret; who has a secret can make them too.", "--jwt-public-key"));
    spec.addOption(Flags.option("TEXT", "Whose tokens count ('iss').", "--jwt-issuer"));
    spec.addOption(Flags.option("TEXT", "For whom tokens have to be ('aud').", "--jwt-audience"));
  }

  /**
   * What these settings say, with the files that they name read.
   *
   * @param settings of the table {@code serve}
   * @throws ConfigException where they contradict each other, or a secret or a key can't be used
   */
  static JwtSettings of(Settings settings, Map<String, String> environment) {
    Path secretFile = settings.get(SECRET_FILE);
    Path publicKey = settings.get(PUBLIC_KEY);
    String variable = environment.getOrDefault(VARIABLE, "");
    if (secretFile != null && !variable.isEmpty()) {
      throw new ConfigException(VARIABLE + ": is set, and so is --jwt-secret-file; keep one of them");
    }
    if (publicKey != null && (secretFile != null || !variable.isEmpty())) {
      String other = secretFile != null ? "--jwt-secret-file" : VARIABLE;
      throw new ConfigException("--jwt-public-key: is set, and so is " + other + "; keep one of them");
    }
    String name = settings.get(ALGORITHM);
    SignatureAlgorithm algorithm = name == null ? null : SignatureAlgorithm.valueOf(name);
    VerificationKey key =
        publicKey != null ? publicKey(publicKey, algorithm) : secret(secretFile, variable, algorithm);
    return new JwtSettings(key, settings.get(ISSUER), settings.get(AUDIENCE));
  }

  Authority authority() {
    return new Authority(key, issuer, audience, InstantSource.system());
  }

  private static VerificationKey publicKey(Path file, SignatureAlgorithm algorithm) {
    String subject = "--jwt-public-key: '" + file + "'";
    try {
      VerificationKey key = PemPublicKey.of(new String(SecretFile.read(file, subject), StandardCharsets.ISO_8859_1));
      if (algorithm != null && algorithm != key.algorithm()) {
        throw new ConfigException(
            "--jwt-algorithm: "
                + algorithm
                + " does not go with the key in '"
                + file
                + "'; leave it out or give "
                + key.algorithm());
      }
      return key;
    } catch (UnusableKeyException e) {
      throw new ConfigException(subject + " " + e.getMessage());
    }
  }

  private static VerificationKey secret(Path file, String variable, SignatureAlgorithm given) {
    SignatureAlgorithm algorithm = given == null ? SignatureAlgorithm.HS256 : given;
    if (!algorithm.isHmac()) {
      throw new ConfigException("--jwt-algorithm: " + algorithm + " needs a public key; name it with --jwt-public-key");
    }
    if (file == null && variable.isEmpty()) {
      throw new ConfigException(
          VARIABLE + ": is not set, and tokens need a secret; set it, or name a file with --jwt-secret-file");
    }
    if (variable.indexOf('\ufffd') >= 0) {
      // Java has put it where bytes were that are not UTF-8: another secret than the one that was set.
      throw new ConfigException(
          VARIABLE + ": holds bytes that are not UTF-8; put it in a file and name that with --jwt-secret-file");
    }
    String subject = file == null ? VARIABLE + ":" : "--jwt-secret-file: '" + file + "'";
    byte[] secret = file == null ? variable.getBytes(StandardCharsets.UTF_8) : SecretFile.withoutNewline(SecretFile.read(file, subject));
    try {
      return HmacSecret.of(algorithm, secret);
    } catch (UnusableKeyException e) {
      throw new ConfigException(subject + " " + e.getMessage());
    }
  }
}
