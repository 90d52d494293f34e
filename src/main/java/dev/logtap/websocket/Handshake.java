package dev.logtap.websocket;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.HandshakeState;
import org.java_websocket.exceptions.InvalidHandshakeException;
import org.java_websocket.handshake.HandshakeImpl1Client;
import org.java_websocket.handshake.HandshakeImpl1Server;
import org.java_websocket.protocols.Protocol;

/**
 * Answers the request that turns a connection into a WebSocket (RFC 6455 4.2). Called on the thread that reads the
 * connection.
 *
 * <p>Header fields are given as they came, in order, a line each. Those of a handshake may hold a token: none of
 * their values is in an answer, but for what the key becomes.
 */
public final class Handshake {
  /** The subprotocol of all streams; clients offer it beside one that carries their token. */
  public static final String PROTOCOL = "logtap";

  private static final String UPGRADE = "Upgrade";
  private static final String CONNECTION = "Connection";
  private static final String KEY = "Sec-WebSocket-Key";
  private static final String VERSION = "Sec-WebSocket-Version";
  private static final String PROTOCOLS = "Sec-WebSocket-Protocol";
  private static final String SUPPORTED = "13";

  private Handshake() {}

  /** What the server says. */
  public sealed interface Answer {
    /**
     * From the byte after it on, both sides send frames.
     *
     * @param head the whole response, with the empty line that ends it
     * @param protocol the subprotocol; null where the client did not offer ours
     */
    record Accepted(byte[] head, String protocol) implements Answer {}

    /**
     * The connection stays HTTP.
     *
     * @param headers what the response has to have, besides those of any response
     * @param sentence for its body
     */
    record Refused(int status, Map<String, String> headers, String sentence) implements Answer {}
  }

  /** Whether this is meant to be a handshake: both fields that ask for it are there. */
  public static boolean isUpgrade(List<Map.Entry<String, String>> headers) {
    return lists(headers, UPGRADE, "websocket") && lists(headers, CONNECTION, "upgrade");
  }

  /** The subprotocols a client offers, of all lines, in its order. One may be a token. */
  public static List<String> protocols(List<Map.Entry<String, String>> headers) {
    return elements(headers, PROTOCOLS);
  }

  /**
   * Accepts or refuses a handshake.
   *
   * @param version as the request line has it, as is the target
   */
  public static Answer answer(String method, String version, String target, List<Map.Entry<String, String>> headers) {
    if (!method.equals("GET")) {
      return new Answer.Refused(405, Map.of("Allow", "GET"), "a WebSocket begins with GET");
    }
    if (target.indexOf('#') >= 0 || !target.matches("(?i)(/|https?://).*")) {
      return bad("the request's target has to be a path without a fragment");
    }
    if (values(headers, "Host").size() != 1) {
      return bad("a request has exactly one Host");
    }
    // RFC 9110 7.8: in HTTP/1.0 nothing is upgraded.
    if (!isUpgrade(headers) || version.equals("HTTP/1.0")) {
      return upgradeRequired("this is a WebSocket; ask for it with Upgrade: websocket and Connection: Upgrade");
    }
    List<String> versions = values(headers, VERSION);
    if (versions.size() > 1) {
      return bad("a handshake has exactly one " + VERSION);
    }
    if (!versions.contains(SUPPORTED)) {
      return upgradeRequired("only version " + SUPPORTED + " of the WebSocket protocol is spoken here");
    }
    List<String> keys = values(headers, KEY);
    if (keys.size() != 1) {
      return bad("a handshake has exactly one " + KEY);
    }
    if (!isKey(keys.getFirst())) {
      return bad(KEY + " has to be 16 bytes in base64");
    }
    return accepted(keys.getFirst(), protocols(headers).contains(PROTOCOL));
  }

  private static Answer bad(String sentence) {
    return new Answer.Refused(400, Map.of(), sentence);
  }

  /** RFC 6455 4.4 and RFC 9110 15.5.22. */
  private static Answer upgradeRequired(String sentence) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(UPGRADE, "websocket");
    headers.put(CONNECTION, "Upgrade");
    headers.put(VERSION, SUPPORTED);
    return new Answer.Refused(426, headers, sentence);
  }

  /** The JDK's decoder does without the padding, a handshake does not. */
  private static boolean isKey(String key) {
    try {
      return key.length() == 24 && Base64.getDecoder().decode(key).length == 16;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  /**
   * The draft's answer. It checks the version, and that there is some key; whether an upgrade was asked for it leaves
   * open, and the request's own Connection field it sends back. So it gets a request of our own, which holds nothing
   * but what was checked, no extension for example and no token.
   */
  private static Answer accepted(String key, boolean ours) {
    HandshakeImpl1Client request = new HandshakeImpl1Client();
    request.put(UPGRADE, "websocket");
    request.put(CONNECTION, "Upgrade");
    request.put(VERSION, SUPPORTED);
    request.put(KEY, key);
    if (ours) {
      request.put(PROTOCOLS, PROTOCOL);
    }
    // The protocol without a name matches clients that offer none, and is not in the answer.
    Draft_6455 draft = new Draft_6455(List.of(), List.of(new Protocol(PROTOCOL), new Protocol("")));
    HandshakeImpl1Server response = new Anonymous();
    try {
      if (draft.acceptHandshakeAsServer(request) != HandshakeState.MATCHED) {
        throw new IllegalStateException("the library refuses a handshake in order");
      }
      draft.postProcessHandshakeResponseAsServer(request, response);
    } catch (InvalidHandshakeException e) {
      throw new IllegalStateException("the library refuses a handshake in order", e);
    }
    response.setHttpStatusMessage("Switching Protocols");
    ByteBuffer bytes = draft.createHandshake(response).getFirst();
    byte[] head = new byte[bytes.remaining()];
    bytes.get(head);
    return new Answer.Accepted(head, ours ? PROTOCOL : null);
  }

  /** A response that does not tell strangers what it was made with. */
  private static final class Anonymous extends HandshakeImpl1Server {
    @Override
    public void put(String name, String value) {
      if (!name.equals("Server")) {
        super.put(name, value);
      }
    }
  }

  private static boolean lists(List<Map.Entry<String, String>> headers, String name, String element) {
    return elements(headers, name).stream().anyMatch(element::equalsIgnoreCase);
  }

  /** A field that is a list may come in several lines (RFC 9110 5.3), and with empty elements (5.6.1). */
  private static List<String> elements(List<Map.Entry<String, String>> headers, String name) {
    List<String> elements = new ArrayList<>();
    for (String value : values(headers, name)) {
      for (String element : value.split(",")) {
        if (!element.isBlank()) {
          elements.add(element.strip());
        }
      }
    }
    return elements;
  }

  private static List<String> values(List<Map.Entry<String, String>> headers, String name) {
    List<String> values = new ArrayList<>();
    for (Map.Entry<String, String> header : headers) {
      if (header.getKey().equalsIgnoreCase(name)) {
        values.add(header.getValue().strip());
      }
    }
    return values;
  }
}
