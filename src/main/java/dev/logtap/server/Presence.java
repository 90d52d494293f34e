package dev.logtap.server;

import dev.logtap.protocol.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Asks who has an address: {@code serve --ensure} does nothing where a logtap answers. Blocks its caller for a few seconds at most. */
public final class Presence {
  private static final int TIMEOUT_MS = (int) Duration.ofSeconds(3).toMillis();
  private static final int MOST = 16 << 10;

  private Presence() {}

  /**
   * Whether a logtap answers at this address.
   *
   * @param tls whether it would speak TLS. Its certificate is not looked at: nothing secret is said to it
   */
  public static boolean isLogtap(InetSocketAddress address, boolean tls) {
    InetAddress host = address.getAddress().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address.getAddress();
    try (Socket plain = new Socket()) {
      plain.connect(new InetSocketAddress(host, address.getPort()), TIMEOUT_MS);
      plain.setSoTimeout(TIMEOUT_MS);
      Socket socket = tls ? trusting().getSocketFactory().createSocket(plain, null, address.getPort(), false) : plain;
      socket
          .getOutputStream()
          .write("GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      try (InputStream in = socket.getInputStream()) {
        String answer = new String(read(in, plain), StandardCharsets.UTF_8);
        int body = answer.indexOf("\r\n\r\n");
        return body > 0 && Json.isHealth(answer.substring(body).getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException | GeneralSecurityException _) {
      return false;
    }
  }

  /** Until the end, but not for ever: a peer may send a byte now and then. */
  private static byte[] read(InputStream in, Socket socket) throws IOException {
    long end = System.nanoTime() + TIMEOUT_MS * 1_000_000L;
    byte[] answer = new byte[MOST];
    int length = 0;
    for (int n = 0; n >= 0 && length < MOST; length += Math.max(0, n)) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException();
      }
      socket.setSoTimeout((int) left);
      n = in.read(answer, length, MOST - length);
    }
    return Arrays.copyOf(answer, length);
  }

  private static SSLContext trusting() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anybody()}, null);
    return context;
  }

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
