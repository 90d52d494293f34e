package dev.logtap.railway;

import java.net.http.HttpRequest;
import java.util.Map;

/**
 * What opens Railway's API. Its text form does not show it.
 *
 * @param ofFile whether it stood in the file of {@code --railway-token-file}; else in a variable
 */
public record RailwayToken(Kind kind, String secret, boolean ofFile) {
  /** Which header it goes into; never both. */
  public enum Kind {
    /** {@code Project-Access-Token}: opens one environment of one project. */
    PROJECT,
    /** {@code Authorization: Bearer}: of an account or a workspace. */
    ACCOUNT
  }

  /** @throws IllegalArgumentException for what can't stand in a header, whose message would else show it later */
  public RailwayToken {
    if (!secret.matches("[!-~]{1,4096}")) {
      throw new IllegalArgumentException(
          "is empty, too long, or has blanks or signs in it that no token of Railway's has; copy it again");
    }
  }

  /** One that stood in a variable. */
  public RailwayToken(Kind kind, String secret) {
    this(kind, secret, false);
  }

  Map.Entry<String, String> header() {
    return switch (kind) {
      case PROJECT -> Map.entry("Project-Access-Token", secret);
      case ACCOUNT -> Map.entry("Authorization", "Bearer " + secret);
    };
  }

  void addTo(HttpRequest.Builder request) {
    request.header(header().getKey(), header().getValue());
  }

  /** Why this token does not open an environment, and what to do. */
  String refusal(String environmentId) {
    String kindOfToken = kind == Kind.PROJECT ? "project" : "account";
    return "Railway does not let this " + kindOfToken + " token read the environment " + environmentId + "; " + remedy();
  }

  private String remedy() {
    if (ofFile) {
      return "put a project token of that environment into the file of --railway-token-file, or 'Bearer ' and a token of an"
          + " account or workspace that has it";
    }
    return switch (kind) {
      case PROJECT ->
          "set RAILWAY_TOKEN to a project token of that environment, or RAILWAY_API_TOKEN to an account or workspace token";
      case ACCOUNT ->
          "set RAILWAY_API_TOKEN to a token of an account or workspace that has it (a project token goes into"
              + " RAILWAY_TOKEN)";
    };
  }

  /** A text of somebody else's without the token, should it be in there. */
  String removedFrom(String text) {
    return text.replace(secret, "...");
  }

  @Override
  public String toString() {
    return kind + " token";
  }
}
