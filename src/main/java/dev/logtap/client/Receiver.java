package dev.logtap.client;

import dev.logtap.protocol.ServerMessage;
import dev.logtap.protocol.UnreadableMessageException;
import dev.logtap.websocket.CloseCode;
import dev.logtap.websocket.Incoming;
import dev.logtap.websocket.ProtocolException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Random;
import javax.net.ssl.SSLException;

/**
 * Keeps one target's stream up: connects, hands on what comes, and when the connection ends comes back behind what was
 * handed on last. Runs on a daemon thread of its own, a platform one: there are few, looking up a server's name
 * would hold a carrier, and the first use of virtual ones costs a start 15 ms. It waits where the inbox is full, and reads
 * nothing meanwhile.
 */
final class Receiver implements Runnable {
  /** A connection that lasted so long was a good one: what ends it is something new. */
  private static final Duration GOOD = Duration.ofSeconds(30);

  /** For a server that wants to be left in peace and does not say for how long. */
  private static final Duration PEACE = Duration.ofSeconds(10);

  /** Clocks differ, and there is nothing that could come twice. */
  private static final Duration SKEW = Duration.ofSeconds(5);

  private static final int SERVICE_RESTART = 1012;
  private static final int BAD_GATEWAY = 1014;

  private final Target target;
  private final Wanted wanted;
  private final Terms terms;
  private final Keeper keeper;
  private final Inbox inbox;
  private final Backoff backoff = new Backoff(new Random());

  /** Behind what was handed on last; null where there was none. */
  private String cursor;

  /** A relay's stream has no cursor before its first entry: until then, the time up to which there was none. */
  private Instant emptyUntil;

  /** Why the stream can't go on at its cursor, until that was handed on; null where it can. */
  private String lostPlace;

  /** Whether there was a good connection before. */
  private boolean wasConnected;

  /** The last trouble that the server has told of since a record came. */
  private String trouble;

  /** The same, as long as nobody was told of it; null where somebody was. */
  private String held;

  /** How a connection has ended. */
  private sealed interface End {
    /** @param pause how long to wait at least; null to come back at once */
    record Retry(String why, Duration pause) implements End {}

    record Final(Event.Reason reason, String sentence) implements End {}
  }

  /** @param cursor to go on behind; null to begin */
  Receiver(Target target, Wanted wanted, String cursor, Terms terms, Keeper keeper, Inbox inbox) {
    this.target = target;
    this.wanted = wanted;
    this.cursor = cursor;
    this.terms = terms;
    this.keeper = keeper;
    this.inbox = inbox;
  }

  @Override
  public void run() {
    try {
      while (true) {
        long begin = System.nanoTime();
        End end = connectOnce();
        if (end instanceof End.Retry(String why, Duration pause) && pause != null && !terms.reconnects()) {
          String what = (wasConnected ? "connection lost (" : "can't be reached (") + why + ")";
          end = new End.Final(Event.Reason.FAILED, what + "; without --no-reconnect it is tried again");
        }
        tellHeld(end);
        switch (end) {
          case End.Final(Event.Reason reason, String sentence) -> {
            inbox.put(new Event.Ended(target, reason, sentence));
            return;
          }
          case End.Retry(String why, Duration pause) -> {
            if (pause != null) {
              if (System.nanoTime() - begin > GOOD.toNanos()) {
                backoff.reset();
              }
              Duration next = backoff.next(pause);
              inbox.put(new Event.Lost(target, why, next));
              Thread.sleep(next);
            }
          }
        }
      }
    } catch (InterruptedException _) {
      // The command ends.
    } catch (RuntimeException | Error e) {
      failed(e);
    }
  }

  /** Whoever waits for this target has to know of it, whatever ends it. */
  private void failed(Throwable e) {
    try {
      inbox.put(new Event.Ended(target, Event.Reason.FAILED, "this is a bug in logtap: " + e));
    } catch (InterruptedException _) {
      // The command ends.
    }
  }

  private End connectOnce() throws InterruptedException {
    terms.tokens().refresh();
    String token = target.trusted() ? terms.tokens().current() : null;
    Connection connection = new Connection(terms.patience());
    keeper.add(connection, target.trusted());
    try (connection) {
      connection.open(target, target.request(wanted, cursor, emptyUntil), token, terms.trust());
      return receive(connection, token);
    } catch (RefusedException e) {
      return refused(e, token);
    } catch (ProtocolException e) {
      return new End.Final(Event.Reason.FAILED, "what the server sends can't be read: " + e.getMessage() + "; is it a logtap?");
    } catch (UnreadableMessageException e) {
      return new End.Final(
          Event.Reason.FAILED, "what the server sends can't be read: " + e.getMessage() + "; is it a logtap?");
    } catch (IOException e) {
      return cut(e);
    } finally {
      keeper.remove(connection);
    }
  }

  // ---- what comes

  private End receive(Connection connection, String token)
      throws IOException, ProtocolException, UnreadableMessageException, InterruptedException {
    boolean taken = false;
    while (true) {
      // No pattern switch, here and on the rest of a message's way: they are bound at run time, which costs a start 30 ms.
      Incoming incoming = connection.next();
      if (incoming instanceof Incoming.Text(String text)) {
        ServerMessage message = ServerMessage.parse(text);
        if (!taken && message instanceof ServerMessage.Trouble(String sentence)) {
          hold(sentence);
          continue;
        }
        if (!taken) {
          taken = true;
          wasConnected = true;
          inbox.put(new Event.Connected(target));
          tellHeld();
        }
        handOn(message);
      } else if (incoming instanceof Incoming.Close(int code, String reason)) {
        return closed(code, reason, token, taken);
      } else if (incoming == null) {
        return new End.Retry("the connection was cut", Duration.ZERO);
      } else {
        return new End.Final(Event.Reason.FAILED, "what the server sends can't be read: it is no text; is it a logtap?");
      }
    }
  }

  private void handOn(ServerMessage message) throws InterruptedException {
    if (message instanceof ServerMessage.Lines lines) {
      lostPlace = lines.gap() == null ? lostPlace : null;
      record(lines, lines.cursor());
    } else if (message instanceof ServerMessage.Entry entry) {
      record(entry, entry.cursor());
    } else if (message instanceof ServerMessage.Gap) {
      lostPlace = null;
      inbox.put(new Event.Received(target, message));
    } else if (message instanceof ServerMessage.Status) {
      tellLostPlace();
      if (emptyUntil == null) {
        emptyUntil = Instant.now().minus(SKEW);
      }
      inbox.put(new Event.Received(target, message));
    } else if (message instanceof ServerMessage.Heartbeat(String timestamp)) {
      noteEmptyUntil(timestamp);
    } else if (message instanceof ServerMessage.Trouble(String sentence) && !sentence.equals(trouble)) {
      // The same at each attempt is said once.
      trouble = sentence;
      inbox.put(new Event.Received(target, message));
    }
  }

  /** What comes first may be the reason of a refusal, which says it and what to do about it. */
  private void hold(String sentence) throws InterruptedException {
    if (!sentence.equals(trouble)) {
      tellHeld();
      held = sentence;
      trouble = sentence;
    }
  }

  private void tellHeld(End end) throws InterruptedException {
    String said =
        switch (end) {
          case End.Retry(String why, Duration pause) -> pause == null ? "" : why;
          case End.Final(Event.Reason _, String sentence) -> sentence;
        };
    if (held != null && said.contains(held)) {
      held = null;
    }
    tellHeld();
  }

  private void tellHeld() throws InterruptedException {
    if (held != null) {
      inbox.put(new Event.Received(target, new ServerMessage.Trouble(held)));
      held = null;
    }
  }

  private void record(ServerMessage message, String behind) throws InterruptedException {
    trouble = null;
    tellLostPlace();
    inbox.put(new Event.Received(target, message));
    cursor = behind == null ? cursor : behind;
  }

  private void tellLostPlace() throws InterruptedException {
    if (lostPlace != null) {
      inbox.put(new Event.Received(target, new ServerMessage.Gap(0, lostPlace)));
      lostPlace = null;
    }
  }

  private void noteEmptyUntil(String timestamp) {
    try {
      emptyUntil = timestamp == null ? emptyUntil : Instant.parse(timestamp).minus(SKEW);
    } catch (DateTimeParseException _) {
      // An earlier time does as well.
    }
  }

  // ---- why it ends

  private End closed(int code, String reason, String token, boolean taken) {
    // The reason of a close frame may be cut.
    String said = trouble != null && trouble.startsWith(reason) ? trouble : reason;
    String why = said.isEmpty() ? "the server closes with " + code : said;
    if (code == CloseCode.UNAUTHORIZED.value()) {
      return unauthorized(why, token);
    }
    if (code == CloseCode.FORBIDDEN.value()) {
      return forbidden(why, token);
    }
    if (code == CloseCode.UNKNOWN_NAME.value()) {
      return unknown(why, taken);
    }
    if (code == CloseCode.INTERNAL.value()) {
      // Of a log it is a file that can't be read now; of an environment something that waiting does not mend.
      return target.relay() ? new End.Final(Event.Reason.FAILED, why) : new End.Retry(why, PEACE);
    }
    if (code == CloseCode.TRY_LATER.value()) {
      return new End.Retry(why, PEACE);
    }
    boolean passes =
        code == CloseCode.GOING_AWAY.value()
            || code == CloseCode.NORMAL.value()
            || code == CloseCode.NONE
            || code == SERVICE_RESTART
            || code == BAD_GATEWAY;
    // All others say that we broke a rule, as we would again.
    return passes ? new End.Retry(why, Duration.ZERO) : new End.Final(Event.Reason.FAILED, why);
  }

  private End refused(RefusedException e, String token) {
    int status = e.status();
    if (status == 401) {
      return unauthorized(e.getMessage(), token);
    }
    if (status == 403) {
      return forbidden(e.getMessage(), token);
    }
    if (status == 400) {
      return new End.Final(Event.Reason.UNKNOWN, advised(e.getMessage(), whatThereIs()));
    }
    if (status >= 500 || status == 408 || status == 429) {
      return new End.Retry(e.getMessage(), e.retryAfter());
    }
    return new End.Final(Event.Reason.FAILED, e.getMessage() + " instead of a stream; give the address of a logtap with --server");
  }

  private End unauthorized(String why, String token) {
    if (hasNewer(token)) {
      return new End.Retry(why, null);
    }
    if (token != null) {
      return new End.Final(Event.Reason.REFUSED, advised(why, "get a new token"));
    }
    return new End.Final(
        Event.Reason.REFUSED,
        target.trusted()
            ? "the server asks for a token; set LOGTAP_TOKEN or give --token-file"
            : why.contains("no token")
                ? "the server asks for a token, and ours goes to --server only; end the address with ?token=TOKEN"
                : advised(why, "get a new token"));
  }

  private End forbidden(String why, String token) {
    return hasNewer(token)
        ? new End.Retry(why, null)
        : new End.Final(Event.Reason.REFUSED, advised(why, "get a token that does"));
  }

  /** The server's sentence, which may say itself what to do. */
  private static String advised(String why, String advice) {
    return why.contains("; ") ? why : why + "; " + advice;
  }

  /** How to ask for names: with the same token, which is not shown. */
  private String whatThereIs() {
    return "watch what the server has: curl -H 'Authorization: Bearer TOKEN' " + target.names();
  }

  /** Whether the file holds another token by now than the one that the connection began with. */
  private boolean hasNewer(String token) {
    terms.tokens().refresh();
    return target.trusted() && terms.tokens().current() != null && !terms.tokens().current().equals(token);
  }

  /**
   * The server does not say what it does not know: if it was the cursor, another attempt without it shows that.
   *
   * @param taken whether it had taken what was asked for, the cursor among it
   */
  private End unknown(String why, boolean taken) {
    if (cursor == null || taken) {
      return new End.Final(Event.Reason.UNKNOWN, advised(why, whatThereIs()));
    }
    cursor = null;
    emptyUntil = null;
    // Which says it; to begin anew is what is done.
    held = null;
    lostPlace = "the server can't go on where we were: " + withoutAdvice(why);
    return new End.Retry(why, null);
  }

  private static String withoutAdvice(String why) {
    return why.split("; ", 2)[0];
  }

  private End cut(IOException e) {
    if (!wasConnected && certificateTrouble(e) instanceof CertificateException trouble) {
      String why = String.valueOf(innermost(trouble).getMessage());
      String what = isOfAnother(why) ? "its address with a name that its certificate has" : "its authority with --ca-cert";
      return new End.Final(Event.Reason.FAILED, target.origin() + " is not to be trusted: " + why + "; give " + what);
    }
    if (!wasConnected && e instanceof SpeaksTlsException) {
      return new End.Final(Event.Reason.FAILED, target.origin() + " speaks TLS; give its address with https or wss");
    }
    if (!wasConnected && speaksNoTls(e)) {
      return new End.Final(Event.Reason.FAILED, target.origin() + " speaks no TLS; give its address with http or ws");
    }
    return new End.Retry((wasConnected ? "" : target.origin() + ": ") + inWords(e), Duration.ZERO);
  }

  /** Null where it is none. */
  private static CertificateException certificateTrouble(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException trouble) {
        return trouble;
      }
    }
    return null;
  }

  /** What those around it say names classes of Java's. */
  private static Throwable innermost(Throwable e) {
    return e.getCause() == null ? e : innermost(e.getCause());
  }

  /** Whether a certificate is good, but of another server, which Java tells by its sentence only. */
  private static boolean isOfAnother(String why) {
    return why.startsWith("No subject alternative ") || why.startsWith("No name matching ");
  }

  private static boolean speaksNoTls(IOException e) {
    return e instanceof SSLException && String.valueOf(e.getMessage()).startsWith("Unsupported or unrecognized");
  }

  private static String inWords(IOException e) {
    return switch (e) {
      case UnknownHostException _ -> "there is no server of that name";
      case ConnectException refused -> refused.getMessage();
      case SocketTimeoutException _ -> "no answer";
      case EOFException _ -> "the connection was cut";
      default -> String.valueOf(e.getMessage());
    };
  }
}
