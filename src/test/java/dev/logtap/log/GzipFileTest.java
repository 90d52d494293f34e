package dev.logtap.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GzipFileTest {
  private static final byte[] TEXT = LogFiles.lines("text", 1, 1000).getBytes(StandardCharsets.US_ASCII);

  @TempDir Path directory;

  @Test
  void text_is_read_at_any_place_and_nothing_behind_its_end() throws IOException {
    LogFiles files = new LogFiles(directory).append(".1", TEXT).gzip(".1");
    byte[] some = new byte[TEXT.length + 1];

    try (GzipFile file = GzipFile.open(files.path(".1.gz"))) {
      assertEquals(1, file.read(some, 0, 10, TEXT.length - 1));
      assertEquals(0, file.read(some, 0, 10, TEXT.length));
      assertEquals(0, file.read(some, 0, 10, TEXT.length + 100_000L));
      assertEquals(TEXT.length, file.read(some, 0, some.length, 0));
      assertArrayEquals(TEXT, Arrays.copyOf(some, TEXT.length));
      assertEquals(10, file.read(some, 0, 10, 5));
    }
  }

  @Test
  void length_is_counted_only_as_far_as_is_asked() throws IOException {
    LogFiles files = new LogFiles(directory).append(".1", TEXT).gzip(".1");

    try (GzipFile file = GzipFile.open(files.path(".1.gz"))) {
      file.read(new byte[10], 0, 10, 50);
      assertEquals(TEXT.length, file.length(Long.MAX_VALUE));
      assertEquals(100, file.length(100));
    }
  }
}
