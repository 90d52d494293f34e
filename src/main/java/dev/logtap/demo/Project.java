package dev.logtap.demo;

import dev.logtap.railway.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the services of an environment log: requests, jobs, a database, and now and then a deployment that fails. For one thread. */
final class Project implements Timeline.Plan<Entry> {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final int BETWEEN_STORIES = 30;

  /** In milliseconds. */
  private static final int SLOW = 80;

  private static final List<String> PATHS =
      List.of("/v1/orders", "/v1/orders/88121", "/v1/stock/teapot", "/v1/stock/kettle", "/v1/customers/me", "/v1/prices");
  private static final List<String> PAGES = List.of("/", "/teas", "/teas/sencha", "/about", "/stores");
  private static final List<String> JOBS = List.of("send-receipt", "sync-stock", "resize-image", "rebuild-search");

  private final Dice dice;
  private final Service worker;
  private final Service database;
  private Service web;
  private Service api;

  /** Null while none is under way. */
  private Rollout rollout;

  private long seconds;
  private int job = 41_000;

  /** A deployment that takes over from the one before. */
  private record Rollout(Instant time, Service old, Service fresh) {}

  Project(Dice dice) {
    this.dice = dice;
    this.web = Service.first("web", 1, dice);
    this.api = Service.first("api", 2, dice);
    this.worker = Service.first("worker", 1, dice);
    this.database = Service.first("postgres", 1, dice);
  }

  /** Names by id. */
  Map<String, String> services() {
    return Stream.of(web, api, worker, database).collect(Collectors.toMap(Service::id, Service::name));
  }

  @Override
  public void plan(Instant second, Timeline<Entry> entries) {
    if (rollout != null && !second.isBefore(rollout.time())) {
      web = rollout.old() == web ? rollout.fresh() : web;
      api = rollout.old() == api ? rollout.fresh() : api;
      rollout = null;
    }
    request(dice.within(SECOND, second), entries);
    if (dice.oneIn(2)) {
      page(dice.within(SECOND, second), entries);
    }
    if (dice.oneIn(3)) {
      job(dice.within(SECOND, second), entries);
    }
    if (seconds % 60 == 12) {
      String done =
          "checkpoint complete: wrote %d buffers (%d.%d%%); 0 WAL file(s) added, 0 removed, 0 recycled"
              .formatted(dice.between(20, 400), dice.between(0, 3), dice.between(0, 9));
      entries.add(database.says(second, "info", "LOG:  " + done));
    }
    if (seconds % BETWEEN_STORIES == BETWEEN_STORIES / 3) {
      tell((int) (seconds / BETWEEN_STORIES), second, entries);
    }
    seconds++;
  }

  private void tell(int number, Instant begin, Timeline<Entry> entries) {
    switch (number % 3) {
      case 0 -> deploy(api, begin, entries);
      case 1 -> crowdedDatabase(begin, entries);
      default -> deploy(web, begin, entries);
    }
  }

  private void request(Instant time, Timeline<Entry> entries) {
    String path = dice.of(PATHS);
    String method = path.equals("/v1/orders") ? "POST" : "GET";
    int status = method.equals("POST") ? 201 : 200;
    entries.add(answered(time, method, path, status, dice.between(4, 90)));
  }

  private Entry answered(Instant time, String method, String path, int status, int milliseconds) {
    boolean failed = status >= 500;
    boolean slow = milliseconds > SLOW;
    String severity = failed ? "error" : slow ? "warn" : "info";
    String message = failed ? "request failed" : slow ? "slow request" : "request completed";
    return api.says(
        time,
        severity,
        message,
        Service.text("level", severity),
        Service.text("method", method),
        Service.text("path", path),
        Service.number("status", status),
        Service.number("ms", milliseconds),
        Service.text("requestId", dice.hex(16)));
  }

  private void page(Instant time, Timeline<Entry> entries) {
    String page = dice.of(PAGES);
    entries.add(web.says(time, "info", "GET " + page + " 200 in " + dice.between(6, 70) + "ms"));
  }

  private void job(Instant time, Timeline<Entry> entries) {
    job++;
    String name = dice.of(JOBS);
    Entry.Attribute id = Service.number("job", job);
    entries.add(worker.says(time, "debug", name + " begins", Service.text("level", "debug"), id));
    if (dice.oneIn(9)) {
      String why = "connect ETIMEDOUT 198.51.100.7:443";
      Entry.Attribute attempt = Service.number("attempt", dice.between(1, 3));
      entries.add(worker.says(time.plusMillis(900), "warn", name + " failed and is tried again: " + why, id, attempt));
    } else {
      int took = dice.between(40, 900);
      entries.add(worker.says(time.plusMillis(took), "info", name + " done", id, Service.number("ms", took)));
    }
  }

  /** A new version of a service comes up, and the old one goes. */
  private void deploy(Service old, Instant begin, Timeline<Entry> entries) {
    Service fresh = old.deployed(dice);
    Instant up = begin.plusSeconds(3);
    rollout = new Rollout(up, old, fresh);
    String version = "2." + dice.between(1, 9) + "." + dice.between(0, 30);
    entries.add(fresh.says(begin, "info", "Starting Container"));
    entries.add(fresh.says(begin.plusMillis(1200), "info", "> " + fresh.name() + "@" + version + " start"));
    entries.add(fresh.says(begin.plusMillis(1210), "info", "> node server.js"));
    String deprecated = "(node:1) [DEP0040] DeprecationWarning: The `punycode` module is deprecated.";
    entries.add(fresh.says(begin.plusMillis(1900), "error", deprecated));
    entries.add(fresh.says(up, "info", "listening on [::]:8080", Service.text("version", version)));
    entries.add(old.says(up.plusMillis(800), "info", "Stopping Container"));
    entries.add(old.says(up.plusMillis(850), "info", "SIGTERM: finishing " + dice.between(1, 6) + " requests"));
    entries.add(old.says(up.plusMillis(2100), "info", "bye"));
  }

  /** The database takes no more connections, and the API says so with a stack trace. */
  private void crowdedDatabase(Instant begin, Timeline<Entry> entries) {
    for (int i = 0; i < 12; i++) {
      Instant time = dice.within(Duration.ofSeconds(5), begin);
      String why = "remaining connection slots are reserved for roles with the SUPERUSER attribute";
      entries.add(database.says(time, "error", "FATAL:  " + why));
      String stack =
          "error: "
              + why
              + "\\n    at Parser.parseErrorMessage (/app/node_modules/pg-protocol/dist/parser.js:285:98)"
              + "\\n    at Pool.connect (/app/src/database.js:41:11)";
      entries.add(
          api.says(
              time.plusMillis(3),
              "error",
              "no connection to the database",
              Service.text("level", "error"),
              Service.text("code", "53300"),
              Service.text("stack", stack)));
      entries.add(answered(time.plusMillis(5), "GET", dice.of(PATHS), 503, dice.between(1, 5)));
    }
    Instant over = begin.plusSeconds(6);
    entries.add(api.says(over, "info", "connected to the database again", Service.number("pool", 20)));
  }
}
