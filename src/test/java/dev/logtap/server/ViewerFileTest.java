package dev.logtap.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewerFileTest {
  private static final Path DIRECTORY = Path.of("src/main/resources/dev/logtap/server/viewer");

  @Test
  void table_has_every_file_that_was_written_for_it() throws IOException {
    List<String> names;
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      names = files.map(file -> file.getFileName().toString()).filter(name -> !name.equals("index.html")).toList();
    }

    names.forEach(name -> assertNotNull(ViewerFile.at("viewer/" + name), name));
    assertNotNull(ViewerFile.at(""));
    assertNull(ViewerFile.at("viewer/index.html"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"gzip | gzip", "br, gzip, deflate | gzip", "GZIP | gzip", "x-gzip |", "gzip;q=0 |", "br |", "'' |"})
  void packed_is_what_comes_to_those_who_say_that_they_unpack_it(String accepted, String encoding) {
    assertEquals(encoding, ViewerFile.at("").answer(accepted, null).headers().get("Content-Encoding"));
  }
}
