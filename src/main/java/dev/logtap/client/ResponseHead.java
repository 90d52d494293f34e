package dev.logtap.client;

import dev.logtap.websocket.CloseCode;
import dev.logtap.websocket.ProtocolException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * How an HTTP/1.1 answer begins (RFC 9112 4).
 *
 * @param fields as they came, in order, a line each
 */
record ResponseHead(int status, List<Map.Entry<String, String>> fields) {
  private static final int LARGEST = 16 << 10;

  /** How TLS says that it does not understand (RFC 8446 5.1), and no answer begins. */
  private static final int TLS_ALERT = 0x15;

  /**
   * Reads one, and no byte behind it.
   *
   * @param in buffered: it is read byte by byte
   * @throws ProtocolException where it is none, or too large
   * @throws SpeaksTlsException where it is one of TLS
   */
  static ResponseHead read(InputStream in) throws IOException, ProtocolException {
    byte[] bytes = new byte[LARGEST];
    int length = 0;
    while (!endsInEmptyLine(bytes, length)) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("the connection was cut before there was an answer");
      }
      if (length == 0 && b == TLS_ALERT) {
        throw new SpeaksTlsException();
      }
      if (length == LARGEST) {
        throw noHttp();
      }
      bytes[length++] = (byte) b;
    }
    return parse(new String(bytes, 0, length, StandardCharsets.ISO_8859_1));
  }

  private static boolean endsInEmptyLine(byte[] bytes, int length) {
    return length >= 4
        && bytes[length - 1] == '\n'
        && bytes[length - 2] == '\r'
        && bytes[length - 3] == '\n'
        && bytes[length - 4] == '\r';
  }

  private static ProtocolException noHttp() {
    return new ProtocolException(CloseCode.PROTOCOL_ERROR, "the answer is no HTTP, or its head is over " + (LARGEST >> 10) + " KiB");
  }

  private static ResponseHead parse(String text) throws ProtocolException {
    String[] lines = text.split("\r\n");
    String first = lines.length == 0 ? "" : lines[0];
    if (!first.startsWith("HTTP/1.") || first.length() < 12 || !isNumber(first.substring(9, 12), 3)) {
      throw noHttp();
    }
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon <= 0) {
        throw noHttp();
      }
      fields.add(Map.entry(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip()));
    }
    return new ResponseHead(Integer.parseInt(first.substring(9, 12)), fields);
  }

  /** How long the body is; -1 where that is not said. */
  long contentLength() {
    String length = field("Content-Length");
    return isNumber(length, 9) ? Long.parseLong(length) : -1;
  }

  /** When to come again; zero where that is not said in seconds. */
  Duration retryAfter() {
    String seconds = field("Retry-After");
    return isNumber(seconds, 9) ? Duration.ofSeconds(Long.parseLong(seconds)) : Duration.ZERO;
  }

  private String field(String name) {
    for (Map.Entry<String, String> field : fields) {
      if (field.getKey().equalsIgnoreCase(name)) {
        return field.getValue();
      }
    }
    return "";
  }

  private static boolean isNumber(String text, int mostDigits) {
    boolean number = !text.isEmpty() && text.length() <= mostDigits;
    for (int i = 0; i < text.length(); i++) {
      number &= text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
    return number;
  }
}
