package dev.logtap.relay;

import dev.logtap.railway.Entry;
import dev.logtap.railway.Entry.Attribute;
import java.util.ArrayList;
import java.util.List;

/**
 * An entry that fits into a message, which holds at most 1 MiB of text: cut where it is larger, so that it is not kept whole
 * either.
 *
 * @param cut whether something was left out
 * @param likeness of the whole entry
 */
record Fitting(Entry entry, boolean cut, Likeness likeness) {
  /** Leaves room for names, braces and the cursor. */
  private static final int MOST = (1 << 20) - (16 << 10);

  private static final int MOST_MESSAGE = 768 << 10;

  /** Of what is short by its nature: the level, ids, names. */
  private static final int MOST_WORD = 1 << 10;

  /** As JSON a character takes no more than so many bytes. */
  private static final int LONGEST_CHARACTER = 6;

  static Fitting of(Entry entry) {
    if (LONGEST_CHARACTER * length(entry) <= MOST) {
      return new Fitting(entry, false, Likeness.of(entry));
    }
    String message = head(entry.message(), MOST_MESSAGE);
    int left = MOST - bytes(message);
    List<Attribute> attributes = new ArrayList<>();
    for (Attribute attribute : entry.attributes()) {
      left -= bytes(attribute.key()) + bytes(attribute.json());
      if (left < 0) {
        break;
      }
      attributes.add(attribute);
    }
    Entry fitting =
        new Entry(
            entry.time(),
            entry.timestamp(),
            head(entry.severity(), MOST_WORD),
            head(entry.serviceId(), MOST_WORD),
            head(entry.serviceName(), MOST_WORD),
            head(entry.deploymentId(), MOST_WORD),
            head(entry.replicaId(), MOST_WORD),
            message,
            attributes);
    return new Fitting(fitting, !fitting.equals(entry), Likeness.of(entry));
  }

  private static long length(Entry entry) {
    long length = entry.message().length() + length(entry.severity()) + length(entry.serviceId());
    length += length(entry.serviceName()) + length(entry.deploymentId()) + length(entry.replicaId());
    for (Attribute attribute : entry.attributes()) {
      length += attribute.key().length() + attribute.json().length();
    }
    return length;
  }

  private static int length(String text) {
    return text == null ? 0 : text.length();
  }

  /** As much of a text as takes so many bytes, and no half of a character. */
  private static String head(String text, int most) {
    if (text == null || LONGEST_CHARACTER * (long) text.length() <= most) {
      return text;
    }
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      bytes += bytes(text.charAt(i));
      if (bytes > most) {
        return text.substring(0, i > 0 && Character.isHighSurrogate(text.charAt(i - 1)) ? i - 1 : i);
      }
    }
    return text;
  }

  private static int bytes(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      bytes += bytes(text.charAt(i));
    }
    return bytes;
  }

  /** In a JSON text; of a surrogate half of the pair's four. */
  private static int bytes(char c) {
    if (c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t' || c == '\b' || c == '\f') {
      return 2;
    }
    if (c < ' ') {
      return LONGEST_CHARACTER;
    }
    return c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
  }
}
