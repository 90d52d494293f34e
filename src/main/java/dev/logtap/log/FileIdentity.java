package dev.logtap.log;

import java.nio.file.attribute.BasicFileAttributes;

/**
 * What the file system says about which file something is.
 *
 * @param key device and inode; names a file surely while somebody holds it open, and only then: ext4
 *     gives a number out again at once
 * @param inode the inode alone, because device numbers change over a reboot
 * @param birth when the file was made, in nanoseconds since 1970, cut to 64 bits
 */
record FileIdentity(Object key, long inode, long birth) {

  static FileIdentity of(BasicFileAttributes attributes) {
    Object key = attributes.fileKey();
    return new FileIdentity(key, inodeOf(key), nanos(attributes));
  }

  boolean isSameFileAs(FileIdentity other) {
    return key.equals(other.key);
  }

  private static long nanos(BasicFileAttributes attributes) {
    var birth = attributes.creationTime().toInstant();
    return birth.getEpochSecond() * 1_000_000_000 + birth.getNano();
  }

  /**
   * The key prints as {@code (dev=fe00,ino=123)}. Asking for {@code unix:ino} instead would be a
   * second look at a path that may by then be another file.
   */
  private static long inodeOf(Object key) {
    String text = key.toString();
    int from = text.indexOf("ino=") + 4;
    long inode = 0;
    for (int i = from; i < text.length() && Character.isDigit(text.charAt(i)); i++) {
      inode = inode * 10 + text.charAt(i) - '0';
    }
    return inode;
  }
}
