package dev.logtap.log;

import dev.logtap.log.UnreadableLogException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Set;

/**
 * An open regular file. Opened only after a look at what it is: a FIFO would block the opener for
 * ever, a device may act on being opened, and a planted link would lead elsewhere.
 */
final class PlainFile implements Source {
  private static final Set<? extends OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final FileChannel channel;
  private final FileIdentity identity;
  private final FileTime modified;

  private PlainFile(Regular opened) {
    this.channel = opened.channel();
    this.identity = FileIdentity.of(opened.attributes());
    this.modified = opened.attributes().lastModifiedTime();
  }

  /** A channel, and what was seen to be the file that it is of. */
  record Regular(FileChannel channel, BasicFileAttributes attributes) {}

  /** Opens the file that the entry's path names now. */
  static PlainFile open(AllowedLog log) throws UnreadableLogException {
    return open(log.path(), log.symlink());
  }

  /**
   * Opens a file.
   *
   * @param symlink whether {@code path} may be a symbolic link; what it leads to is looked at alike
   */
  static PlainFile open(Path path, boolean symlink) throws UnreadableLogException {
    return new PlainFile(openRegular(path, symlink));
  }

  /**
   * Java has neither O_NONBLOCK nor fstat, so: look without following, open without following, look
   * again. If what was looked at changed meanwhile, once more; then it is refused.
   */
  static Regular openRegular(Path path, boolean symlink) throws UnreadableLogException {
    try {
      for (int attempt = 0; attempt < 2; attempt++) {
        Path real = resolve(path, symlink);
        BasicFileAttributes before = look(real);
        refuseUnlessRegular(path, before);
        FileChannel channel = FileChannel.open(real, READ);
        boolean kept = false;
        try {
          BasicFileAttributes after = look(real);
          kept = after.isRegularFile() && after.fileKey().equals(before.fileKey());
          if (kept) {
            return new Regular(channel, after);
          }
        } finally {
          if (!kept) {
            channel.close();
          }
        }
      }
      throw new UnreadableLogException(
          Reason.FAILED, "'" + path + "' was replaced twice while it was being opened; try again", null);
    } catch (IOException e) {
      throw explain(path, e);
    }
  }

  /** Where the path leads: itself, unless its entry allows a symbolic link. */
  static Path resolve(Path path, boolean symlink) throws IOException {
    return symlink ? path.toRealPath() : path;
  }

  static BasicFileAttributes look(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  static void refuseUnlessRegular(Path path, BasicFileAttributes attributes) throws UnreadableLogException {
    if (attributes.isRegularFile()) {
      return;
    }
    String what =
        attributes.isSymbolicLink()
            ? "is a symbolic link; if that is meant, set symlink = true on its entry in the config file"
            : attributes.isDirectory()
                ? "is a directory; a log is a regular file"
                : "is a FIFO, a device or a socket; a log is a regular file";
    throw new UnreadableLogException(Reason.REFUSED, "'" + path + "' " + what, null);
  }

  /** The sentence for what the system said of {@code path}. */
  static UnreadableLogException explain(Path path, IOException e) {
    if (e instanceof UnreadableLogException explained) {
      return explained;
    }
    if (e instanceof NoSuchFileException) {
      return new UnreadableLogException(Reason.MISSING, "'" + path + "' does not exist", e);
    }
    if (e instanceof AccessDeniedException) {
      return new UnreadableLogException(
          Reason.DENIED,
          "'" + path + "' may not be read by this user; add the user to the file's group, or run as one who may",
          e);
    }
    return new UnreadableLogException(Reason.FAILED, "'" + path + "' can't be read: " + reasonOf(e), e);
  }

  /** The same as a sentence. */
  static String sentence(Path path, IOException e) {
    return e instanceof FileSystemException ? explain(path, e).getMessage() : e.getMessage();
  }

  /** The system's words without the path, which our sentence has already. */
  private static String reasonOf(IOException e) {
    return e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : e.getMessage();
  }

  @Override
  public int read(byte[] into, int at, int length, long offset) throws IOException {
    return Math.max(0, channel.read(ByteBuffer.wrap(into, at, length), offset));
  }

  long size() throws IOException {
    return channel.size();
  }

  @Override
  public FileIdentity identity() {
    return identity;
  }

  /** When the file was last written, as of the moment it was opened. */
  FileTime modifiedWhenOpened() {
    return modified;
  }

  @Override
  public boolean settled() {
    return false;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
