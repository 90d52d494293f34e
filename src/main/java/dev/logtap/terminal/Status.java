package dev.logtap.terminal;

import java.util.List;

/**
 * How the run is, as the command knows it.
 *
 * @param filters of the servers, as they were asked for: what they leave out does not come
 * @param waiting how many lines came and are not shown yet
 * @param full whether that is all that may wait here, and the rest waits at the servers
 * @param rate lines a second
 * @param gaps how often something was or may have been lost
 */
public record Status(List<Stream> streams, List<String> filters, long waiting, boolean full, long rate, long gaps) {
  /**
   * One target.
   *
   * @param condition in words; null while it is connected and well
   */
  public record Stream(String label, String condition) {
    /** Without what to do about it, which was said between the lines. */
    String shown() {
      return label + " " + (condition == null ? "live" : condition.split("; ", 2)[0]);
    }
  }
}
