package dev.logtap.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.TreeMap;

/**
 * The file that keeps where each stream goes on: a line with the stream's address and the cursor. It is replaced as a
 * whole, so that whoever reads it finds an old one or a new one. Streams of other runs keep their lines. Used by one thread.
 */
public final class StateFile {
  private static final String HEAD = "logtap watch state 1";
  private static final int LARGEST = 4 << 20;

  private final Path path;
  private final Map<String, String> cursors;

  private StateFile(Path path, Map<String, String> cursors) {
    this.path = path;
    this.cursors = cursors;
  }

  /**
   * Reads it, if there is one.
   *
   * @throws IOException where it is no state or can't be read, with a sentence; it is left as it is
   */
  public static StateFile open(Path named) throws IOException {
    Path path = named.toAbsolutePath();
    try {
      // What a link leads to is replaced, not the link.
      path = path.toRealPath();
    } catch (NoSuchFileException _) {
      if (!Files.isDirectory(path.getParent())) {
        throw new IOException("'" + named + "' has no directory to be in; make it, or name another file");
      }
      return new StateFile(path, new TreeMap<>());
    } catch (IOException e) {
      throw unreadable(named, e);
    }
    if (!Files.isRegularFile(path)) {
      throw new IOException("'" + named + "' is no regular file; name one, or one that is not there yet");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(LARGEST + 1);
    } catch (NoSuchFileException _) {
      return new StateFile(path, new TreeMap<>());
    } catch (IOException e) {
      throw unreadable(named, e);
    }
    Map<String, String> cursors = bytes.length > LARGEST ? null : parse(new String(bytes, StandardCharsets.UTF_8));
    if (cursors == null) {
      throw new IOException("'" + named + "' is no state of logtap watch; name another file, or remove it to begin anew");
    }
    return new StateFile(path, cursors);
  }

  private static IOException unreadable(Path named, IOException e) {
    return new IOException("'" + named + "' can't be read; let this user read it", e);
  }

  /** Null where it is none. */
  private static Map<String, String> parse(String text) {
    if (!text.startsWith(HEAD + "\n") || !text.endsWith("\n")) {
      return null;
    }
    Map<String, String> cursors = new TreeMap<>();
    for (String line : text.substring(HEAD.length() + 1).lines().toList()) {
      String[] fields = line.split(" ", -1);
      if (fields.length != 2 || fields[0].isEmpty() || fields[1].isEmpty()) {
        return null;
      }
      cursors.put(fields[0], fields[1]);
    }
    return cursors;
  }

  /** By the streams' keys. */
  public Map<String, String> cursors() {
    return Map.copyOf(cursors);
  }

  /**
   * Notes where streams go on, and writes it.
   *
   * @param changed by the streams' keys
   * @throws IOException with a sentence
   */
  public void save(Map<String, String> changed) throws IOException {
    changed.forEach(
        (key, cursor) -> {
          // A cursor is opaque; one that would not be read back is not written.
          if (cursor.chars().allMatch(c -> c > ' ' && c < 0x7f) && !cursor.isEmpty()) {
            cursors.put(key, cursor);
          }
        });
    try {
      write();
    } catch (NoSuchFileException e) {
      throw new IOException("'" + path + "' can't be written, its directory is gone; make it again", e);
    } catch (AccessDeniedException e) {
      throw new IOException("'" + path + "' can't be written; let this user write in its directory, or name another file", e);
    } catch (IOException e) {
      throw new IOException("'" + path + "' can't be written (" + reason(e) + "); make room, or name another file", e);
    }
  }

  private static String reason(IOException e) {
    return e instanceof FileSystemException failure && failure.getReason() != null ? failure.getReason() : e.getMessage();
  }

  private void write() throws IOException {
    StringBuilder text = new StringBuilder(HEAD).append('\n');
    cursors.forEach((key, cursor) -> text.append(key).append(' ').append(cursor).append('\n'));
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    try (FileChannel file =
        FileChannel.open(fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
      for (ByteBuffer rest = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)); rest.hasRemaining(); ) {
        file.write(rest);
      }
      // Else a crash of the machine can leave an empty file under the new name.
      file.force(false);
    }
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
  }
}
