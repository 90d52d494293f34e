package dev.logtap.log;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * A generation that was compressed after its rotation. It is read forward only; reading behind the
 * place it has reached begins at the start again.
 */
final class GzipFile implements Source {
  private static final int INPUT_BUFFER = 64 << 10;

  private final FileChannel channel;
  private final FileIdentity identity;
  private InputStream text;
  private long reached;

  private GzipFile(PlainFile.Regular opened) throws IOException {
    this.channel = opened.channel();
    this.identity = FileIdentity.of(opened.attributes());
    restart();
  }

  /** Opens a compressed generation, which must be a regular file. */
  static GzipFile open(Path path) throws IOException {
    PlainFile.Regular opened = PlainFile.openRegular(path, false);
    try {
      return new GzipFile(opened);
    } catch (IOException e) {
      opened.channel().close();
      throw e;
    }
  }

  @Override
  public int read(byte[] into, int at, int length, long offset) throws IOException {
    if (offset < reached) {
      restart();
    }
    try {
      text.skipNBytes(offset - reached);
    } catch (EOFException _) {
      // Where it ends is not known now: the next read begins at the start.
      reached = Long.MAX_VALUE;
      return 0;
    }
    reached = offset;
    int n = text.readNBytes(into, at, length);
    reached += n;
    return n;
  }

  /**
   * Moves forward to {@code offset}, uncompressing at most {@code budget} bytes.
   *
   * @return how many bytes of the budget were used; all of it when the offset lies behind it
   * @throws EOFException when the text ends before the offset
   */
  long skipTo(long offset, long budget) throws IOException {
    if (offset < reached) {
      restart();
    }
    long skip = Math.min(offset - reached, budget);
    text.skipNBytes(skip);
    reached += skip;
    return skip;
  }

  /** Uncompresses to the end, at most {@code budget} bytes; how many there were. */
  long skipToEnd(long budget) throws IOException {
    long skipped = 0;
    byte[] scratch = new byte[INPUT_BUFFER];
    while (skipped < budget) {
      int n = text.readNBytes(scratch, 0, (int) Math.min(scratch.length, budget - skipped));
      if (n == 0) {
        break;
      }
      skipped += n;
      reached += n;
    }
    return skipped;
  }

  /** How much text it holds, or {@code most} where that is less. */
  long length(long most) throws IOException {
    restart();
    return skipToEnd(most);
  }

  private void restart() throws IOException {
    closeText();
    channel.position(0);
    text = new GZIPInputStream(packed(), INPUT_BUFFER);
    reached = 0;
  }

  @Override
  public FileIdentity identity() {
    return identity;
  }

  @Override
  public boolean settled() {
    return true;
  }

  @Override
  public void close() throws IOException {
    closeText();
    channel.close();
  }

  /** Gives the inflater's memory back, which the garbage collector does not see. The channel stays open. */
  private void closeText() throws IOException {
    if (text != null) {
      text.close();
    }
  }

  /** The channel as a stream that can be closed without closing the channel. */
  private InputStream packed() {
    return new FilterInputStream(Channels.newInputStream(channel)) {
      @Override
      public void close() {
        // The channel is read again from its beginning.
      }
    };
  }
}
