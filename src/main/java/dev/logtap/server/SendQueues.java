package dev.logtap.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the kernel has still to send of each connection, from /proc/net: a peer that takes little now and then
 * lets no write return for minutes, and Java can't ask the socket (SIOCOUTQ). Where there is no /proc, nothing
 * is known. Called by the sweeper, and only while somebody seems to be stalled.
 */
final class SendQueues {
  /** Below our own entry, which is there also where /proc shows nothing but processes. */
  private static final List<Path> TABLES = List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  /** By both ends of the connection. */
  private final Map<String, Long> bytes = new HashMap<>();

  private SendQueues() {}

  static SendQueues now() {
    SendQueues queues = new SendQueues();
    for (Path table : TABLES) {
      try {
        Files.readAllLines(table, StandardCharsets.US_ASCII).forEach(queues::add);
      } catch (IOException _) {
        // Another system, or IPv6 is switched off.
      }
    }
    return queues;
  }

  /** {@code 0: 0100007F:1F40 0100007F:C350 01 00000012:00000000 ...}: number, local, remote, state, sending:received. */
  private void add(String line) {
    String[] fields = line.strip().split("\\s+", 6);
    if (fields.length == 6 && fields[4].indexOf(':') == 8) {
      bytes.put(shortened(fields[1]) + shortened(fields[2]), Long.parseLong(fields[4].substring(0, 8), 16));
    }
  }

  /** An IPv4 address stands in the table for IPv6 as well, behind a prefix. */
  private static String shortened(String end) {
    String mapped = "0000000000000000FFFF0000";
    return end.startsWith(mapped) ? end.substring(mapped.length()) : end;
  }

  /** How much the kernel has still to send; -1 where that is not known. */
  long of(Transport transport) {
    return bytes.getOrDefault(key(transport.local()) + key(transport.remote()), -1L);
  }

  /** The address in words of four bytes, each with its lowest byte first, as the machine has it. */
  private static String key(InetSocketAddress end) {
    byte[] address = end.getAddress().getAddress();
    byte[] words = new byte[address.length];
    for (int i = 0; i < address.length; i++) {
      words[i] = address[i / 4 * 4 + 3 - i % 4];
    }
    return HEX.formatHex(words) + ":" + String.format(Locale.ROOT, "%04X", end.getPort());
  }
}
