package dev.logtap.log;

/** What a follower hands out, one after the other, in the order in which it happened. */
public sealed interface Reading {

  /**
   * Bytes of the log in {@code bytes[from, to)}: whole lines, each with its {@code \n} and none over
   * {@link LineReader#PART} bytes; or a single piece that does not end in {@code \n}. Such a piece
   * goes on in the next {@code Lines} of the same log when it is {@code partial}, and is else a last
   * line whose file ended without a newline.
   *
   * <p>The bytes are the reader's own buffer: they hold until its next call.
   */
  record Lines(byte[] bytes, int from, int to, boolean partial) implements Reading {
    public int length() {
      return to - from;
    }
  }

  /** Something was, or may well have been, lost here. */
  record Gap(String why) implements Reading {}

  /** Something happened to the file by which nothing was lost; a sentence for stderr. */
  record Notice(String sentence) implements Reading {}

  /**
   * The path can't be followed for the time being.
   *
   * @param why a sentence, without what is done about it
   */
  record Trouble(String why) implements Reading {
    /** For stderr. */
    public String sentence() {
      return why + "; waiting for it";
    }
  }
}
