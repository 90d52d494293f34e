package dev.logtap.websocket;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.HandshakeState;
import org.java_websocket.enums.Role;
import org.java_websocket.exceptions.InvalidHandshakeException;
import org.java_websocket.handshake.HandshakeImpl1Client;
import org.java_websocket.handshake.HandshakeImpl1Server;

/**
 * The client's side of the handshake (RFC 6455 4.1): asks for one stream, and judges the answer. Used by the thread that
 * opens the connection, once.
 */
public final class ClientHandshake {
  private final Draft_6455 draft = new Draft_6455();
  private final HandshakeImpl1Client request = new HandshakeImpl1Client();

  /**
   * Asks for a stream.
   *
   * @param target path and query
   * @param host as the Host field has it
   * @param headers further ones, which may hold a token
   */
  public ClientHandshake(String target, String host, Map<String, String> headers) {
    request.setResourceDescriptor(target);
    request.put("Host", host);
    headers.forEach(request::put);
    draft.setParseMode(Role.CLIENT);
    draft.postProcessHandshakeRequestAsClient(request);
  }

  /** The whole request, with the empty line that ends it. */
  public byte[] head() {
    ByteBuffer bytes = draft.createHandshake(request).getFirst();
    byte[] head = new byte[bytes.remaining()];
    bytes.get(head);
    return head;
  }

  /**
   * Takes the fields of an answer whose status is 101.
   *
   * @throws ProtocolException where it does not answer this request
   */
  public void accept(List<Map.Entry<String, String>> fields) throws ProtocolException {
    HandshakeImpl1Server response = new HandshakeImpl1Server();
    response.setHttpStatus((short) 101);
    fields.forEach(field -> response.put(field.getKey(), field.getValue()));
    // The draft would take any extension; none was offered, so the frames that follow could not be read.
    if (response.hasFieldValue("Sec-WebSocket-Extensions") || !matches(response)) {
      throw FrameHead.broken("the answer to the handshake is not the one to what was asked");
    }
  }

  private boolean matches(HandshakeImpl1Server response) {
    try {
      return draft.acceptHandshakeAsClient(request, response) == HandshakeState.MATCHED;
    } catch (InvalidHandshakeException _) {
      return false;
    }
  }
}
