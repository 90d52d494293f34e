package dev.logtap.server;

import dev.logtap.protocol.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
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
    Socket plain = new Socket();
    Thread cutter = Thread.ofVirtual().start(() -> cutInTime(plain));
    try (plain) {
      plain.connect(new InetSocketAddress(host, address.getPort()), TIMEOUT_MS);
      Socket socket = tls ? trusting().getSocketFactory().createSocket(plain, null, address.getPort(), false) : plain;
      socket
          .getOutputStream()
          .write("GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      try (InputStream in = socket.getInputStream()) {
        String answer = new String(in.readNBytes(MOST), StandardCharsets.UTF_8);
        int body = answer.indexOf("\r\n\r\n");
        return body > 0 && Json.isHealth(answer.substring(body).getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException | GeneralSecurityException _) {
      return false;
    } finally {
      cutter.interrupt();
    }
  }

  /** A peer that says a byte now and then, in TLS or behind it, meets no time-out of a read. */
  private static void cutInTime(Socket socket) {
    try {
      Thread.sleep(TIMEOUT_MS);
      socket.close();
    } catch (InterruptedException | IOException _) {
      // It has answered, or is closed already.
    }
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
