package dev.logtap;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * What peers do wrong, by fault or by intent, and what the server must do about it. However a fault ends, the
 * server has let go of the peer by then, whether that has closed its end or not, and others notice nothing.
 */
enum Fault {
  /** Connects and says nothing: ended when a head's time is over. */
  SAYS_NOTHING(Fault::expectEnd),

  /** Sends half a head: ended when the head's time is over. */
  STALLS_IN_HEAD(peer -> expectEnd(peer.send("GET /healthz HTTP/1.1\r\nHost: lo"))),

  /** Sends a head byte by byte: the time is for the whole of it, so it is ended as one that stalls. */
  TRICKLES_THE_HEAD(Fault::trickle),

  /** Goes away within a head, with a reset. */
  RESETS_IN_HEAD(peer -> peer.send("GET /healthz HTTP/1.1\r\nHo").reset()),

  /** Is no HTTP at all: ended, at the latest when a head's time is over. */
  SENDS_RANDOM_BYTES(
      peer -> {
        peer.sendUnlessClosed(random(100_000));
        expectEnd(peer);
      }),

  /** Speaks TLS to the plain port: ended. */
  SENDS_A_TLS_HELLO(peer -> expectEnd(peer.send(tlsHello()))),

  /** Speaks HTTP/2 with prior knowledge: ended. */
  SENDS_THE_PREFACE_OF_HTTP_2(peer -> expectEnd(peer.send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))),

  /** Asks for large answers, one after the other, and takes none of them: ended when it has stalled. */
  TAKES_NO_ANSWER(Fault::askWithoutEnd),

  /** Sends half a frame on a stream where nothing else happens: ended when it has stalled. */
  SENDS_HALF_A_FRAME(
      peer -> expectEnd(stream(peer, "quiet").send(half(Frame.text("{\"type\":\"ping\"}").masked())))),

  /** Takes nothing of a stream that has much to give: ended when it has stalled. */
  NEVER_READS(
      (peer, log) -> {
        stream(peer, "app");
        writeMuch(log);
      }),

  /** Goes away within a stream, with a reset. */
  RESETS(peer -> stream(peer, "app").reset()),

  /** Goes away within a frame, with a reset. */
  RESETS_IN_A_FRAME(peer -> stream(peer, "app").send(Frame.announcing(Frame.TEXT, 1000)).reset()),

  /** Sends pings as fast as it can and takes no answer: they may be left unanswered, and fill no memory. */
  FLOODS_PINGS(
      peer -> {
        stream(peer, "quiet");
        byte[] pings = repeated(new Frame(true, Frame.PING, new byte[125]), 1000);
        for (int i = 0; i < 200 && peer.sendUnlessClosed(pings); i++) {
          LockSupport.parkNanos(1_000_000);
        }
        peer.reset();
      }),

  /** Asks without end and reads no answer, then vanishes: what is waiting for room to answer ends as well. */
  FLOODS_QUESTIONS(
      peer -> {
        stream(peer, "quiet");
        // More answers than the sockets' buffers hold, and not so many questions that asking would wait.
        peer.sendUnlessClosed(repeated(Frame.text("{\"type\":\"ping\"}"), 20_000));
        LockSupport.parkNanos(500_000_000);
        peer.reset();
      }),

  /** Begins a message that has no end: closed at the limit of fragments. */
  SENDS_ENDLESS_FRAGMENTS(
      peer -> {
        stream(peer, "app").send(new Frame(false, Frame.TEXT, new byte[] {'{'}));
        peer.sendUnlessClosed(repeated(new Frame(false, Frame.CONTINUATION, new byte[] {' '}), 20));
        expectClose(peer, 1008, 1009);
      }),

  /** Sends fragments each within the limit of a frame, and together beyond it. */
  SENDS_LARGE_FRAGMENTS(
      peer -> {
        stream(peer, "app").send(new Frame(false, Frame.TEXT, "{".repeat(60_000).getBytes(StandardCharsets.US_ASCII)));
        peer.sendUnlessClosed(repeated(new Frame(false, Frame.CONTINUATION, new byte[60_000]), 10));
        expectClose(peer, 1008, 1009);
      }),

  /** Sends a frame as a server does (RFC 6455, section 5.1). */
  SENDS_AN_UNMASKED_FRAME(closed(Frame.text("{}").unmasked(), 1002)),

  /** Announces a frame over the limit: closed before it has sent it. */
  SENDS_AN_OVERSIZE_FRAME(closed(Frame.announcing(Frame.TEXT, 65_537), 1009)),

  /** Announces a frame that no memory holds. */
  SENDS_AN_ENORMOUS_FRAME(closed(Frame.announcing(Frame.TEXT, Long.MAX_VALUE), 1009)),

  /** Announces a length with the highest bit set, which must be 0 (RFC 6455, section 5.2). */
  SENDS_A_NEGATIVE_LENGTH(closed(Frame.announcing(Frame.TEXT, Long.MIN_VALUE), 1002, 1009)),

  /** Sends a text that is none (RFC 6455, section 8.1). */
  SENDS_INVALID_UTF_8(closed(new Frame(true, Frame.TEXT, new byte[] {'"', (byte) 0xc3, '"'}), 1007)),

  /** Sets a bit that no extension has given a meaning. */
  SETS_A_RESERVED_BIT(closed(new byte[] {(byte) 0xc1, (byte) 0x80, 0, 0, 0, 0}, 1002)),

  /** Sends a frame of a kind that there is not. */
  SENDS_AN_UNKNOWN_OPCODE(closed(new Frame(true, 3, new byte[0]), 1002)),

  /** Sends a ping in parts (RFC 6455, section 5.5). */
  SENDS_A_FRAGMENTED_PING(closed(new Frame(false, Frame.PING, new byte[1]), 1002)),

  /** Sends a ping over 125 bytes (RFC 6455, section 5.5). */
  SENDS_A_LONG_PING(closed(new Frame(true, Frame.PING, new byte[126]), 1002)),

  /** Goes on with a message that has not begun. */
  SENDS_A_STRAY_CONTINUATION(closed(new Frame(true, Frame.CONTINUATION, new byte[1]), 1002)),

  /** Begins a message within another. */
  BEGINS_A_SECOND_MESSAGE(closed(repeated(new Frame(false, Frame.TEXT, new byte[] {'{'}), 2), 1002)),

  /** Closes with half a code. */
  SENDS_HALF_A_CLOSE_CODE(closed(new Frame(true, Frame.CLOSE, new byte[1]), 1002)),

  /** Closes with a code that may not be sent (RFC 6455, section 7.4.1). */
  SENDS_A_RESERVED_CLOSE_CODE(closed(Frame.close(1006), 1002)),

  /** Sends what is no frame once it has its stream: closed, or ended as one that stalls. */
  SENDS_RANDOM_FRAMES(
      peer -> {
        stream(peer, "quiet").sendUnlessClosed(random(100_000));
        expectEnd(peer);
      }),

  /** Closes as it should and then keeps its end open: answered with its code, and ended within 2 s. */
  STAYS_AFTER_ITS_CLOSE(closed(Frame.close(1000), 1000)),

  /** Does not answer our close: ended within 2 s. */
  IGNORES_OUR_CLOSE(
      peer -> {
        peer.upgrade(Server.target("no-such-log", "", Tokens.any()));
        expectClose(peer, 4000);
      });

  /** Of which a machine that stands still for a moment leaves enough for those who do nothing wrong. */
  static final Duration HEAD_TIMEOUT = Duration.ofSeconds(3);

  static final Duration STALL_TIMEOUT = Duration.ofSeconds(2);

  /** A line that fills buffers. */
  static final String FILLER = "filler ".repeat(300);

  /** Two seconds, and some for a loaded machine. */
  private static final Duration SOON_AFTER_CLOSE = Duration.ofSeconds(4);

  /** Longer than any of the time limits, and far from those that the server has by default. */
  private static final Duration IN_TIME = Duration.ofSeconds(7);

  private final Play play;

  Fault(Play play) {
    this.play = play;
  }

  Fault(AloneWithPeer play) {
    this((peer, _) -> play.with(peer));
  }

  private interface Play {
    void with(RawPeer peer, Path log);
  }

  private interface AloneWithPeer {
    void with(RawPeer peer);
  }

  /** Misbehaves, and sees that the server does what it must. {@code log} is the file of the log {@code app}. */
  void play(RawPeer peer, Path log) {
    play.with(peer, log);
  }

  private static RawPeer stream(RawPeer peer, String log) {
    return peer.upgrade(Server.target(log, "lines=0", Tokens.any()));
  }

  /** Sends this on a stream and is closed with one of these codes. */
  private static AloneWithPeer closed(byte[] sent, Integer... codes) {
    return peer -> expectClose(stream(peer, "app").send(sent), codes);
  }

  private static AloneWithPeer closed(Frame sent, Integer... codes) {
    return closed(sent.masked(), codes);
  }

  private static void expectClose(RawPeer peer, Integer... codes) {
    int code = peer.closeCode();
    assertTrue(List.of(codes).contains(code), () -> "closed with " + code + " instead of " + List.of(codes));
    peer.expectEnd(SOON_AFTER_CLOSE);
  }

  private static void expectEnd(RawPeer peer) {
    peer.expectEnd(IN_TIME);
  }

  private static void askWithoutEnd(RawPeer peer, Path log) {
    LogFiles.append(log, (FILLER + "\n").repeat(500));
    byte[] request = peer.head("GET", Server.REST + "app?lines=500", "Authorization: Bearer " + Tokens.any());
    for (int i = 0; i < 200 && peer.sendUnlessClosed(request); i++) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Far more than the buffers of both kernels hold. */
  private static void writeMuch(Path log) {
    for (int i = 0; i < 40; i++) {
      LogFiles.append(log, (FILLER + "\n").repeat(100));
    }
  }

  private static void trickle(RawPeer peer) {
    long end = System.nanoTime() + IN_TIME.toNanos();
    peer.send("GET /healthz HTTP/1.1\r\nX: ");
    while (peer.sendUnlessClosed(new byte[] {'x'})) {
      assertTrue(System.nanoTime() - end < 0, "a head that trickles has no end");
      LockSupport.parkNanos(100_000_000);
    }
  }

  private static byte[] half(byte[] bytes) {
    return ByteBuffer.allocate(bytes.length / 2).put(bytes, 0, bytes.length / 2).array();
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(20250101).nextBytes(bytes);
    return bytes;
  }

  private static byte[] repeated(Frame frame, int times) {
    byte[] one = frame.masked();
    ByteBuffer all = ByteBuffer.allocate(one.length * times);
    for (int i = 0; i < times; i++) {
      all.put(one);
    }
    return all.array();
  }

  /** The record and handshake heads of a ClientHello of TLS 1.3, and so much more as they announce. */
  private static byte[] tlsHello() {
    byte[] head = {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};
    return ByteBuffer.allocate(517).put(head).put(random(506)).array();
  }
}
