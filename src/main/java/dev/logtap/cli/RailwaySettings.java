package dev.logtap.cli;

import dev.logtap.config.ConfigException;
import dev.logtap.config.Setting;
import dev.logtap.config.Settings;
import dev.logtap.railway.RailwayAccess;
import dev.logtap.railway.RailwayToken;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** Where Railway is and what opens it. The token is never on a command line, where all users see it. */
final class RailwaySettings {
  /** The names that Railway's own command line knows, of which the first wins there as well. */
  private static final String PROJECT_VARIABLE = "RAILWAY_TOKEN";

  private static final String ACCOUNT_VARIABLE = "RAILWAY_API_TOKEN";

  /** In a file, what is before an account's token: as it stands in the header. */
  private static final String BEARER = "bearer ";

  private static final Setting<URI> URL =
      new Setting<>(
          "railway-url",
          "an address that begins with https:// or http:// and holds no user, password or #",
          RailwaySettings::parseUrl,
          URI.create("https://backboard.railway.com/graphql/v2"));
  private static final Setting<Path> TOKEN_FILE = Setting.path("railway-token-file", null);

  /** As they stand in the file's {@code [serve]}. */
  static final List<Setting<?>> SETTINGS = List.of(TOKEN_FILE, URL);

  private RailwaySettings() {}

  static void addOptions(CommandSpec spec) {
    spec.addOption(
        Flags.option(
            "FILE",
            "What opens Railway: a project's token, or 'Bearer ' and an account's; or set " + PROJECT_VARIABLE + " or " + ACCOUNT_VARIABLE + ".",
            "--railway-token-file"));
    spec.addOption(Flags.option("URL", "Where Railway's API is (" + URL.fallback() + ").", "--railway-url"));
  }

  /**
   * What these settings say, with the file that they name read.
   *
   * @throws ConfigException where there is no token, or one that can't be used
   */
  static RailwayAccess of(Settings settings, Map<String, String> environment) {
    return new RailwayAccess(settings.get(URL), token(settings.get(TOKEN_FILE), environment));
  }

  private static RailwayToken token(Path file, Map<String, String> environment) {
    if (file != null) {
      String subject = "--railway-token-file: '" + file + "'";
      String text = new String(SecretFile.read(file, subject), StandardCharsets.ISO_8859_1).strip();
      boolean bearer = text.toLowerCase(Locale.ROOT).startsWith(BEARER);
      return bearer
          ? token(RailwayToken.Kind.ACCOUNT, text.substring(BEARER.length()).strip(), true, subject)
          : token(RailwayToken.Kind.PROJECT, text, true, subject);
    }
    String project = environment.getOrDefault(PROJECT_VARIABLE, "");
    if (!project.isEmpty()) {
      return token(RailwayToken.Kind.PROJECT, project, false, PROJECT_VARIABLE + ":");
    }
    String account = environment.getOrDefault(ACCOUNT_VARIABLE, "");
    if (!account.isEmpty()) {
      return token(RailwayToken.Kind.ACCOUNT, account, false, ACCOUNT_VARIABLE + ":");
    }
    throw new ConfigException(
        PROJECT_VARIABLE
            + ": is not set, and environments are to be relayed; set it to a project's token or "
            + ACCOUNT_VARIABLE
            + " to an account's, or name a file with --railway-token-file");
  }

  private static RailwayToken token(RailwayToken.Kind kind, String secret, boolean ofFile, String subject) {
    try {
      return new RailwayToken(kind, secret, ofFile);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(subject + " " + e.getMessage());
    }
  }

  private static URI parseUrl(String text) {
    try {
      URI url = new URI(text);
      boolean http = "https".equalsIgnoreCase(url.getScheme()) || "http".equalsIgnoreCase(url.getScheme());
      if (!http || url.getHost() == null || url.getUserInfo() != null || url.getFragment() != null) {
        throw new IllegalArgumentException(text);
      }
      return url;
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
