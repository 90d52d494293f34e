package dev.logtap.config;

/**
 * A setting, an entry of the allowlist or the config file is wrong. The message says where it stands,
 * what was found and what was expected.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ConfigException(String sentence) {
    super(sentence);
  }
}
