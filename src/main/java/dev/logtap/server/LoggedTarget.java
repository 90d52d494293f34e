package dev.logtap.server;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A request target as it may stand in a log: not too long, and with no token in it, however a client has
 * written that. Called by a connection's thread; the target may hold anything.
 */
final class LoggedTarget {
  private static final int LONGEST = 512;
  private static final Pattern ENCODED = Pattern.compile("%([0-9a-fA-F]{2})");

  /** Wherever somebody may read a parameter's name: what is cut out without need is no harm. */
  private static final Pattern TOKEN = Pattern.compile("(?:^|[?;#])\\s*token\\s*=", Pattern.CASE_INSENSITIVE);

  /** What begins as each JWT does ({@code {"} in base64): somebody brought it under another name, or as the path. */
  private static final Pattern JWT = Pattern.compile("eyJ[\\w.%-]+");

  private LoggedTarget() {}

  /** The same target with {@code -} instead of tokens, {@code %22} instead of quotation marks, cut at 512 characters. */
  static String of(String target) {
    // Cut first, so that this costs no more for a target as long as a head may be.
    boolean whole = target.length() <= LONGEST;
    String shown = withoutTokens(whole ? target : target.substring(0, LONGEST)) + (whole ? "" : "...");
    // It stands in quotation marks.
    return shown.replace("\"", "%22");
  }

  private static String withoutTokens(String target) {
    int query = target.indexOf('?') + 1;
    String parameters =
        query == 0
            ? ""
            : Stream.of(target.substring(query).split("&", -1))
                .map(parameter -> TOKEN.matcher(decoded(parameter)).find() ? "token=-" : withoutJwt(parameter))
                .collect(Collectors.joining("&"));
    String path = query == 0 ? target : target.substring(0, query);
    return Stream.of(path.split("/", -1)).map(LoggedTarget::withoutJwt).collect(Collectors.joining("/")) + parameters;
  }

  /** Of one that was encoded nothing is left, for what stands where in it is not worth the trouble. */
  private static String withoutJwt(String part) {
    String shown = JWT.matcher(part).replaceAll("-");
    return JWT.matcher(decoded(shown)).find() ? "-" : shown;
  }

  /** As far as names need it, which are ASCII; what is encoded wrongly stays as it is. */
  private static String decoded(String text) {
    return ENCODED
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(match.group(1), 16))));
  }
}
