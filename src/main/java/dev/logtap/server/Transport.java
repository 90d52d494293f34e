package dev.logtap.server;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * The bytes of one connection, plain or encrypted. One thread reads, one writes; any thread may close it, also
 * while those wait, and ask when the peer last took or sent something.
 */
abstract sealed class Transport implements Closeable {
  /** What a stalled peer may cost the kernel: without a bound it is megabytes. */
  private static final int SEND_BUFFER = 128 << 10;

  final SocketChannel channel;
  private final InetSocketAddress remote;
  private final InetSocketAddress local;

  /** As {@link System#nanoTime}. */
  private volatile long lastProgress = System.nanoTime();

  private volatile long written;

  private volatile boolean reading;

  /** Whether what is being written says nothing of the peer; for the writing thread only. */
  private boolean pinging;

  /** What the kernel had still to send when the sweeper looked last; for its thread only. */
  private long queued = -1;

  private Transport(SocketChannel channel) throws IOException {
    this.channel = channel;
    this.remote = (InetSocketAddress) channel.getRemoteAddress();
    this.local = (InetSocketAddress) channel.getLocalAddress();
  }

  /** Sets the socket up. Nothing is read or written yet: a handshake is the reading thread's. */
  static Transport of(SocketChannel channel, SSLContext tls) throws IOException {
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    channel.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
    return tls == null ? new Plain(channel) : new Encrypted(channel, tls);
  }

  /** What the peer sends; for the reading thread. */
  abstract InputStream in();

  /** Writes all of the first {@code count} buffers; for the writing thread. */
  abstract void write(ByteBuffer[] buffers, int count) throws IOException;

  final void write(ByteBuffer buffer) throws IOException {
    write(new ByteBuffer[] {buffer}, 1);
  }

  /** Writes a ping: that the kernel takes it says nothing of the peer. */
  final void writePing(ByteBuffer ping) throws IOException {
    pinging = true;
    write(ping);
    pinging = false;
  }

  boolean isEncrypted() {
    return false;
  }

  final InetSocketAddress remote() {
    return remote;
  }

  final InetSocketAddress local() {
    return local;
  }

  final long lastProgress() {
    return lastProgress;
  }

  /** How many bytes of answers and messages went out. */
  final long written() {
    return written;
  }

  /** From now on the peer is waited for, after it has waited for us. */
  final void awaited() {
    lastProgress = System.nanoTime();
  }

  /** Whether the reading thread wants more, whatever it does for that: a handshake belongs to it. */
  final boolean isReading() {
    return reading;
  }

  final void reads() {
    reading = true;
  }

  final void received(int bytes) {
    reading = false;
    if (bytes > 0) {
      lastProgress = System.nanoTime();
    }
  }

  /** What the kernel has still to send, -1 where that is not known: less than before was taken. For the sweeper. */
  final void noteQueue(long bytes) {
    if (bytes >= 0 && queued >= 0 && bytes < queued) {
      lastProgress = System.nanoTime();
    }
    queued = bytes;
  }

  /** Called by the writing thread only. */
  final void taken(long bytes) {
    if (!pinging) {
      lastProgress = System.nanoTime();
    }
    written += bytes;
  }

  /** Whether something has come that was not read yet. */
  final boolean hasUnread() {
    try {
      return channel.socket().getInputStream().available() > 0;
    } catch (IOException _) {
      return false;
    }
  }

  /** Tells the peer that no more will come; what it sends is still read. */
  final void endOutput() {
    try {
      channel.shutdownOutput();
    } catch (IOException _) {
      // It is gone already.
    }
  }

  /**
   * Closes the socket itself. The TLS layer is not asked: it would wait behind a writer that waits for its peer.
   */
  @Override
  public final void close() {
    try {
      channel.close();
    } catch (IOException _) {
      // There is nothing left that could be done for it.
    }
  }

  /** A socket as it is. */
  private static final class Plain extends Transport {
    private final InputStream in = new In();

    Plain(SocketChannel channel) throws IOException {
      super(channel);
    }

    @Override
    InputStream in() {
      return in;
    }

    @Override
    void write(ByteBuffer[] buffers, int count) throws IOException {
      int first = 0;
      while (first < count) {
        // One buffer, the usual case where lines come one by one, needs no list of buffers for the kernel.
        taken(first == count - 1 ? channel.write(buffers[first]) : channel.write(buffers, first, count - first));
        while (first < count && !buffers[first].hasRemaining()) {
          first++;
        }
      }
    }

    private final class In extends InputStream {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int at, int length) throws IOException {
        reads();
        int count = channel.read(ByteBuffer.wrap(into, at, length));
        received(count);
        return count;
      }
    }
  }

  /** TLS over the socket. The handshake happens at the first read or write. */
  private static final class Encrypted extends Transport {
    private final InputStream in;
    private final OutputStream out;
    private final byte[] piece = new byte[16 << 10];

    Encrypted(SocketChannel channel, SSLContext tls) throws IOException {
      super(channel);
      SSLSocket socket = TlsIdentity.over(channel.socket(), tls);
      this.in = new In(socket.getInputStream());
      this.out = socket.getOutputStream();
    }

    @Override
    boolean isEncrypted() {
      return true;
    }

    @Override
    InputStream in() {
      return in;
    }

    @Override
    void write(ByteBuffer[] buffers, int count) throws IOException {
      for (int i = 0; i < count; i++) {
        while (buffers[i].hasRemaining()) {
          int length = Math.min(piece.length, buffers[i].remaining());
          buffers[i].get(piece, 0, length);
          out.write(piece, 0, length);
          taken(length);
        }
      }
    }

    private final class In extends InputStream {
      private final InputStream decrypted;

      In(InputStream decrypted) {
        this.decrypted = decrypted;
      }

      @Override
      public int read() throws IOException {
        reads();
        int b = decrypted.read();
        received(b < 0 ? 0 : 1);
        return b;
      }

      @Override
      public int read(byte[] into, int at, int length) throws IOException {
        reads();
        int count = decrypted.read(into, at, length);
        received(count);
        return count;
      }
    }
  }
}
