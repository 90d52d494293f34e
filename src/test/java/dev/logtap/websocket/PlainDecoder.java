package dev.logtap.websocket;

import dev.logtap.websocket.MessageReader.Limits;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * What a reader has to make of bytes, written down from the RFC a second time: of all the bytes at once, without a
 * stream, the library or a thought of speed.
 */
final class PlainDecoder {
  private static final Set<Integer> OPCODES = Set.of(0, 1, 2, 8, 9, 10);

  private final byte[] bytes;
  private final Limits limits;
  private final List<String> outcomes = new ArrayList<>();
  private int at;
  private List<byte[]> fragments;
  private boolean text;

  private PlainDecoder(byte[] bytes, Limits limits) {
    this.bytes = bytes;
    this.limits = limits;
  }

  /** A rule that was broken, by its close code; 0 stands for the end of the bytes. */
  private static final class Stop extends Exception {
    private static final long serialVersionUID = 1;
    private final int code;

    Stop(int code) {
      this.code = code;
    }
  }

  static List<String> outcomes(byte[] bytes, Limits limits) {
    PlainDecoder decoder = new PlainDecoder(bytes, limits);
    try {
      while (true) {
        decoder.frame();
      }
    } catch (Stop stop) {
      decoder.outcomes.add(stop.code == 0 ? Outcomes.END : Outcomes.error(stop.code));
    }
    return decoder.outcomes;
  }

  private void frame() throws Stop {
    int first = take(1)[0] & 0xff;
    int opcode = first % 16;
    boolean last = first >= 128;
    require(first / 16 % 8 == 0 && OPCODES.contains(opcode) && (last || opcode < 8), 1002);
    int second = take(1)[0] & 0xff;
    require(second >= 128 && (opcode < 8 || second - 128 < 126), 1002);
    BigInteger length = BigInteger.valueOf(second - 128);
    if (second == 254) {
      length = new BigInteger(1, take(2));
      require(length.compareTo(BigInteger.valueOf(125)) > 0, 1002);
    } else if (second == 255) {
      length = new BigInteger(1, take(8));
      require(length.bitLength() > 16 && length.bitLength() < 64, 1002);
    }
    require(length.compareTo(BigInteger.valueOf(limits.frameBytes())) <= 0, 1009);
    byte[] mask = take(4);
    if (opcode < 8) {
      require((opcode == 0) == (fragments != null), 1002);
      if (opcode != 0) {
        fragments = new ArrayList<>();
        text = opcode == 1;
      }
      require(fragments.size() < limits.fragments(), 1009);
      require(size() + length.intValue() <= limits.messageBytes(), 1009);
    }
    byte[] payload = take(length.intValue());
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i % 4];
    }
    switch (opcode) {
      case 8 -> close(payload);
      case 9 -> outcomes.add(Outcomes.text(new Incoming.Ping(payload)));
      case 10 -> outcomes.add(Outcomes.text(new Incoming.Pong()));
      default -> data(payload, last);
    }
  }

  private void data(byte[] payload, boolean last) throws Stop {
    fragments.add(payload);
    // Only of the first frame, which the library looks at by itself; of the others at the end.
    require(!text || fragments.size() > 1 || mayBegin(payload), 1007);
    if (!last) {
      return;
    }
    byte[] whole = ClientFrames.join(fragments.toArray(byte[][]::new));
    fragments = null;
    outcomes.add(text ? Outcomes.message(decoded(whole)) : "binary:" + whole.length);
  }

  private int size() {
    return fragments.stream().mapToInt(fragment -> fragment.length).sum();
  }

  private void close(byte[] payload) throws Stop {
    if (payload.length == 0) {
      outcomes.add(Outcomes.close(1005, ""));
      return;
    }
    require(payload.length > 1, 1002);
    int code = (payload[0] & 0xff) * 256 + (payload[1] & 0xff);
    boolean reserved = Set.of(1004, 1005, 1006).contains(code);
    require(code >= 1000 && code < 1015 && !reserved || code >= 3000 && code < 5000, 1002);
    outcomes.add(Outcomes.close(code, decoded(Arrays.copyOfRange(payload, 2, payload.length))));
  }

  private static String decoded(byte[] utf8) throws Stop {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException _) {
      throw new Stop(1007);
    }
  }

  /** Whether some bytes behind these make UTF-8 of them: one of these does, if any. */
  private static boolean mayBegin(byte[] bytes) {
    for (String end : List.of("", "80", "90", "a0", "8080", "9080", "a080", "808080", "908080", "a08080")) {
      try {
        decoded(ClientFrames.join(bytes, ClientFrames.hex(end)));
        return true;
      } catch (Stop _) {
        // Not this one.
      }
    }
    return false;
  }

  private byte[] take(int length) throws Stop {
    require(bytes.length - at >= length, 0);
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  private static void require(boolean rule, int code) throws Stop {
    if (!rule) {
      throw new Stop(code);
    }
  }
}
