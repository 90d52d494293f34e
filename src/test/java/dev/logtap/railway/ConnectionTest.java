package dev.logtap.railway;

import dev.logtap.Await;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ConnectionTest {
  private static final RailwayToken TOKEN = new RailwayToken(RailwayToken.Kind.PROJECT, "open-sesame");

  /** Given up at any moment of its first millisecond: its threads begin in it, and must not miss that it is over. */
  @Test
  void connection_that_is_given_up_while_it_is_opened_leaves_no_thread() throws Exception {
    List<String> before = StreamScene.running();
    try (ServerSocket silent = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      URI url = URI.create("ws://127.0.0.1:" + silent.getLocalPort() + "/");
      for (int i = 0; i < 1000; i++) {
        Thread opening =
            Thread.ofPlatform()
                .start(
                    () -> {
                      try {
                        Connection.open(url, TOKEN, null, StreamScene.quick(), (_, _) -> {});
                      } catch (Exception _) {
                        // It was given up.
                      }
                    });
        silent.accept().close();
        LockSupport.parkNanos(i * 1000);
        opening.interrupt();
        opening.join();
      }
    }
    List<String> left = new ArrayList<>();
    Await.until(
        () -> {
          left.clear();
          left.addAll(StreamScene.running());
          left.removeAll(before);
          return left.isEmpty();
        },
        left::toString);
  }
}
