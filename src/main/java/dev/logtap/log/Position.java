package dev.logtap.log;

/**
 * A place in one generation of a log, told by its content: inode numbers are used again at once, so
 * they are hints only.
 *
 * @param offset how many bytes of the uncompressed text lie before it
 * @param head {@link Fingerprint} of the first min({@value #HEAD}, offset) bytes of the file
 * @param tail {@link Fingerprint} of the min({@value #TAIL}, offset) bytes before the offset. The head
 *     alone would not do: files may share a header
 * @param inode the file's inode number then, 0 where there was no file yet
 * @param birth when the file was made, as in {@link FileIdentity}
 */
public record Position(long offset, long head, long tail, long inode, long birth) {
  static final int HEAD = 256;
  static final int TAIL = 1024;

  /** Before the first byte of a log whose file is not there yet. */
  static final Position BEFORE_THE_FIRST_FILE =
      new Position(0, Fingerprint.of(new byte[0], 0, 0), Fingerprint.of(new byte[0], 0, 0), 0, 0);

  boolean isHintFor(FileIdentity file) {
    return inode != 0 && inode == file.inode() && birth == file.birth();
  }
}
