package dev.logtap.cli;

import dev.logtap.client.StateFile;
import dev.logtap.client.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** How far each target was printed, and the file that keeps it. Used by one thread. */
final class Progress {
  static final Duration BETWEEN_SAVES = Duration.ofMillis(500);

  /** Takes a sentence for the one who runs us. */
  private final Consumer<String> complaints;

  /** Null where none is kept. */
  private final StateFile state;

  /** Cursors behind what was rendered and is not flushed yet, and behind what is flushed and not saved yet. */
  private final Map<String, String> rendered = new HashMap<>();

  private final Map<String, String> printed = new HashMap<>();

  private long saved = System.nanoTime();

  /** Whether the last attempt to save failed. */
  private boolean unsaved;

  /** Whether any failed. */
  private boolean failed;

  /** @param state null for none */
  Progress(StateFile state, Consumer<String> complaints) {
    this.complaints = complaints;
    this.state = state;
  }

  Map<String, String> begin() {
    return state == null ? Map.of() : state.cursors();
  }

  /** All before a cursor is rendered. */
  void rendered(Target target, String cursor) {
    if (state != null && cursor != null) {
      rendered.put(target.key(), cursor);
    }
  }

  /** All that was rendered is printed. */
  void printed() {
    printed.putAll(rendered);
    rendered.clear();
    saveIfDue();
  }

  boolean isUnsaved() {
    return !printed.isEmpty();
  }

  void saveIfDue() {
    if (System.nanoTime() - saved >= BETWEEN_SAVES.toNanos()) {
      save();
    }
  }

  /** What can't be saved now may be next time, which is said once; the records themselves are printed. */
  void save() {
    if (printed.isEmpty()) {
      return;
    }
    saved = System.nanoTime();
    try {
      state.save(printed);
      unsaved = false;
    } catch (IOException e) {
      if (!unsaved) {
        complaints.accept("--state: " + e.getMessage());
      }
      unsaved = true;
      failed = true;
    }
    printed.clear();
  }

  int code() {
    return failed ? ExitCode.FAILED : ExitCode.DONE;
  }
}
