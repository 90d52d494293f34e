package dev.logtap.websocket;

import static dev.logtap.websocket.ClientFrames.frame;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.logtap.websocket.MessageReader.Limits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Streams of frames, most of them broken somewhere, read by the reader and by {@link PlainDecoder}: both have to see
 * the same, and no array may be larger than what has come allows ({@link Outcomes}).
 *
 * <p>A failure prints its stream, which then goes below {@code corpus/frames} under a name that says what it is.
 */
class MessageReaderFuzzTest {
  private static final Path CORPUS = Path.of("src/test/resources/corpus/frames");

  /** Small ones are met more often. */
  private static final List<Limits> LIMITS = List.of(Limits.DEFAULT, new Limits(200, 3, 300), new Limits(125, 1, 1));

  private static final byte[] TEXT = "plain, \u00fcml\u00e4ut, \u20ac, \ud83d\ude00".getBytes(UTF_8);

  /** Bytes at which rules begin or end. */
  private static final int[] EDGES = {
    0x00, 0x01, 0x02, 0x03, 0x08, 0x09, 0x7d, 0x7e, 0x7f, 0x80, 0x81, 0x88, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2,
    0xe0, 0xed, 0xf0, 0xf4, 0xf8, 0xfd, 0xfe, 0xff
  };

  static List<Path> corpus() throws IOException {
    try (Stream<Path> files = Files.list(CORPUS)) {
      return files.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void kept_stream_is_read_as_the_plain_decoder_reads_it(Path file) throws IOException {
    byte[] stream = ClientFrames.hex(Files.readString(file).replaceAll("#[^\\n]*|\\s", ""));

    assertTrue(stream.length > 0);
    assertReadAlike(stream, file.toString());
    for (int end = 0; end < stream.length; end++) {
      assertReadAlike(Arrays.copyOf(stream, end), file + " cut at " + end);
    }
  }

  @Test
  void random_streams_are_read_as_the_plain_decoder_reads_them() {
    Map<String, Integer> seen = fuzz(455, 15_000);

    // A generator that meets no rule would prove nothing.
    for (String kind : "end text binary ping pong close error:1002 error:1007 error:1009".split(" ")) {
      assertTrue(seen.getOrDefault(kind, 0) > 1000, seen::toString);
    }
  }

  @Test
  @Tag("soak")
  void many_more_random_streams_are_too() {
    for (int seed = 1000; seed < 1100; seed++) {
      fuzz(seed, 40_000);
    }
  }

  /** @return how often each kind of outcome was seen */
  private static Map<String, Integer> fuzz(long seed, int runs) {
    Random random = new Random(seed);
    Map<String, Integer> seen = new HashMap<>();
    for (int run = 0; run < runs; run++) {
      byte[] stream = mutated(stream(random), random);
      for (String outcome : assertReadAlike(stream, "seed " + seed + ", run " + run)) {
        seen.merge(outcome.startsWith("error") ? outcome : outcome.split(":")[0], 1, Integer::sum);
      }
    }
    return seen;
  }

  /** @return all that was read */
  private static List<String> assertReadAlike(byte[] stream, String which) {
    List<String> all = new ArrayList<>();
    for (Limits limits : LIMITS) {
      List<String> expected = PlainDecoder.outcomes(stream, limits);
      List<String> read;
      try {
        read = Outcomes.of(stream, limits);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(describe(stream, which), e);
      }
      assertEquals(expected, read, () -> describe(stream, which));
      all.addAll(read);
    }
    return all;
  }

  private static String describe(byte[] stream, String which) {
    return which + ": " + HexFormat.of().formatHex(stream);
  }

  /** Valid messages, whole and in fragments, with control frames between. */
  private static byte[] stream(Random random) {
    List<byte[]> frames = new ArrayList<>();
    for (int messages = 1 + random.nextInt(3); messages > 0; messages--) {
      byte[] payload = payload(random);
      int opcode = 1 + random.nextInt(5) / 4;
      int from = 0;
      for (int fragments = random.nextInt(4); fragments > 0; fragments--) {
        int to = from + random.nextInt(payload.length - from + 1);
        frames.add(frame(false, opcode, Arrays.copyOfRange(payload, from, to)));
        opcode = ClientFrames.CONTINUATION;
        from = to;
        if (random.nextInt(3) == 0) {
          frames.add(control(random));
        }
      }
      frames.add(frame(true, opcode, Arrays.copyOfRange(payload, from, payload.length)));
    }
    frames.add(control(random));
    return ClientFrames.join(frames.toArray(byte[][]::new));
  }

  private static byte[] payload(Random random) {
    // Most are short, so that mutations hit heads; a few need the longer lengths.
    int repeats = random.nextInt(200) == 0 ? 65_536 / TEXT.length + random.nextInt(2) : random.nextInt(8);
    byte[] payload = new byte[repeats * TEXT.length];
    for (int i = 0; i < payload.length; i++) {
      payload[i] = TEXT[i % TEXT.length];
    }
    return payload;
  }

  private static byte[] control(Random random) {
    byte[] payload = random.nextInt(8) == 0 ? new byte[random.nextInt(126)] : new byte[random.nextInt(6)];
    random.nextBytes(payload);
    int opcode = ClientFrames.CLOSE + random.nextInt(3);
    if (opcode == ClientFrames.CLOSE && payload.length > 1 && random.nextInt(4) != 0) {
      payload[0] = 0x03;
      payload[1] = (byte) (0xe5 + random.nextInt(20));
      Arrays.fill(payload, 2, payload.length, (byte) 'r');
    }
    return frame(true, opcode, payload);
  }

  private static byte[] mutated(byte[] stream, Random random) {
    byte[] bytes = stream;
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      int at = random.nextInt(bytes.length);
      int to = Math.min(bytes.length, at + 1 + random.nextInt(8));
      byte[] head = Arrays.copyOf(bytes, at);
      byte[] tail = Arrays.copyOfRange(bytes, at, bytes.length);
      byte[] behind = Arrays.copyOfRange(bytes, to, bytes.length);
      byte[] noise = new byte[random.nextInt(4)];
      random.nextBytes(noise);
      bytes =
          switch (random.nextInt(8)) {
            case 0 -> ClientFrames.join(head, new byte[] {edge(random)}, tail);
            case 1 -> ClientFrames.join(head, behind);
            case 2 -> ClientFrames.join(head, noise, tail);
            case 3 -> ClientFrames.join(head, Arrays.copyOf(tail, to - at), tail);
            case 4 -> head.length > 0 ? head : bytes;
            case 5 -> {
              // The first byte is the head that every stream has.
              bytes[0] = edge(random);
              yield bytes;
            }
            case 6 -> {
              bytes[at] ^= (byte) (1 << random.nextInt(8));
              yield bytes;
            }
            default -> {
              bytes[at] = edge(random);
              yield bytes;
            }
          };
      if (bytes.length == 0) {
        return stream;
      }
    }
    return bytes;
  }

  private static byte edge(Random random) {
    return (byte) EDGES[random.nextInt(EDGES.length)];
  }
}
