package dev.logtap.server;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequestFactory;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http.RequestHeaderFieldsTooLargeException;
import org.apache.hc.core5.http.UnsupportedHttpVersionException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.BasicHttpTransportMetrics;
import org.apache.hc.core5.http.impl.io.DefaultHttpRequestParser;
import org.apache.hc.core5.http.impl.io.SessionInputBufferImpl;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;

/** Reads request heads from one connection, on its reading thread. */
final class RequestReader {
  private static final int BUFFER = 4 << 10;

  /** As far as RFC 3986 3.2.2 matters here: no blank, no path, no user. It may be empty, RFC 9112 3.2. */
  private static final Pattern HOST = Pattern.compile("(?:\\[[0-9A-Fa-f:.]+]|[\\w.~!$&'()*+,;=%-]*)(?::\\d*)?");

  private final Counted in;
  private final int mostBytes;
  private final int mostHeaders;
  private final SessionInputBufferImpl buffer;
  private final DefaultHttpRequestParser parser;

  RequestReader(InputStream in, Limits limits) {
    this.in = new Counted(in);
    this.mostBytes = limits.headBytes();
    this.mostHeaders = limits.headers();
    // The parser bounds a line and the number of lines, not their sum: that is counted here. It takes one line fewer
    // than it is told.
    Http1Config config =
        Http1Config.custom()
            .setMaxLineLength(limits.headBytes())
            .setMaxHeaderCount(limits.headers() + 1)
            .setMaxEmptyLineCount(2)
            .build();
    this.buffer = new SessionInputBufferImpl(new BasicHttpTransportMetrics(), BUFFER, -1, limits.headBytes(), null);
    this.parser = new DefaultHttpRequestParser(config, null, new AsTheyCame());
  }

  /** A request whose target is as it came: the library would take {@code //name/x} for a host and a path. */
  private static final class AsItCame extends BasicClassicHttpRequest {
    private static final long serialVersionUID = 1;
    private final String target;

    AsItCame(String method, String target) {
      super(method, "/");
      this.target = target;
    }
  }

  private static final class AsTheyCame implements HttpRequestFactory<ClassicHttpRequest> {
    @Override
    public ClassicHttpRequest newHttpRequest(String method, String target) {
      return new AsItCame(method, target);
    }

    @Override
    public ClassicHttpRequest newHttpRequest(String method, URI target) {
      return new AsItCame(method, target.toString());
    }
  }

  /** Whether the next head has begun to come. Waits for its first byte; false when there will be none. */
  boolean awaitHead() throws IOException {
    return buffer.hasBufferedData() || buffer.fillBuffer(in) > 0;
  }

  /**
   * The next request; null when the connection has ended, wherever in its head.
   *
   * @throws BadRequestException when what came is not one; the connection is of no further use then
   */
  Request next() throws IOException, BadRequestException {
    // What is there already belongs to this head.
    in.left = mostBytes + BUFFER;
    long before = in.count - buffer.length();
    ClassicHttpRequest head;
    try {
      head = parser.parse(buffer, in);
    } catch (HeadTooLargeException | RequestHeaderFieldsTooLargeException | MessageConstraintException _) {
      throw tooLarge();
    } catch (UnsupportedHttpVersionException _) {
      throw new BadRequestException(505, "only HTTP/1.1 is spoken here");
    } catch (HttpException _) {
      throw new BadRequestException(400, "this is not an HTTP request");
    }
    if (head == null || in.ended) {
      // The parser takes the end of the stream for the end of the head.
      return null;
    }
    if (in.count - buffer.length() - before > mostBytes) {
      throw tooLarge();
    }
    return checked(head);
  }

  private BadRequestException tooLarge() {
    return new BadRequestException(
        431,
        "the request's head is too large; send fewer and shorter headers, %d lines of %d bytes altogether at most"
            .formatted(mostHeaders, mostBytes));
  }

  private static Request checked(ClassicHttpRequest head) throws BadRequestException {
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    boolean body = false;
    String connection = "";
    int hosts = 0;
    int lengths = 0;
    for (Header header : head.getHeaders()) {
      String value = header.getValue() == null ? "" : header.getValue();
      headers.add(Map.entry(header.getName(), value));
      switch (header.getName().toLowerCase(Locale.ROOT)) {
        case "host" -> hosts += HOST.matcher(value).matches() ? 1 : 2;
        case "connection" -> connection += "," + value.toLowerCase(Locale.ROOT);
        case "content-length" -> {
          lengths += value.strip().matches("[0-9]+") ? 1 : 2;
          body |= !value.strip().equals("0");
        }
        case "transfer-encoding" -> body = true;
        default -> {}
      }
    }
    ProtocolVersion version = head.getVersion() == null ? HttpVersion.HTTP_1_1 : head.getVersion();
    boolean old = version.lessEquals(HttpVersion.HTTP_1_0);
    if (!old && !version.equals(HttpVersion.HTTP_1_1)) {
      throw new BadRequestException(505, "only HTTP/1.1 is spoken here");
    }
    // RFC 9112 3.2: whoever says otherwise may mean another server than we do.
    if (hosts > 1 || hosts == 0 && !old) {
      throw new BadRequestException(400, "a request has exactly one Host, which is a name or an address, and its port");
    }
    if (lengths > 1) {
      throw new BadRequestException(400, "a request has at most one Content-Length, which is a number");
    }
    boolean keep = old ? connection.contains("keep-alive") : !connection.contains("close");
    // No request here has a body. One that comes is not read, so what follows on it can't be either.
    String target = ((AsItCame) head).target;
    return new Request(head.getMethod(), target, version.toString(), List.copyOf(headers), body, keep && !body);
  }

  /** What comes after the heads that were read, for who goes on with another protocol. Buffered. */
  InputStream rest() {
    in.left = Long.MAX_VALUE;
    return new InputStream() {
      @Override
      public int read() throws IOException {
        return buffer.read(in);
      }

      @Override
      public int read(byte[] into, int at, int length) throws IOException {
        return buffer.read(into, at, length, in);
      }
    };
  }

  /** More has come than a head may have. */
  private static final class HeadTooLargeException extends IOException {
    private static final long serialVersionUID = 1;
  }

  /** Counts what is read, and takes no more than it may. */
  private static final class Counted extends FilterInputStream {
    private long count;
    private long left = Long.MAX_VALUE;
    private boolean ended;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int at, int length) throws IOException {
      if (left <= 0) {
        throw new HeadTooLargeException();
      }
      int n = in.read(into, at, (int) Math.min(length, left));
      ended |= n < 0;
      count += Math.max(0, n);
      left -= Math.max(0, n);
      return n;
    }
  }
}
