package dev.logtap.cli;

import java.io.Closeable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What to do at signals, instead of what the JVM does. Each action runs on a thread that the JVM makes for
 * that signal, so it has to be quick or safe to run twice at once.
 *
 * <p>Java has only sun.misc.Signal for this, which javac warns of: so it is called by reflection, here and nowhere
 * else. A signal that was ignored when the process began stays ignored, because the JVM leaves it so: that
 * is how nohup, and a shell for INT of its background jobs, ask for it.
 */
final class Signals implements Closeable {
  private final Library library;

  /** The handlers there were before, by signal. */
  private final Map<Object, Object> former = new LinkedHashMap<>();

  private Signals(Library library) {
    this.library = library;
  }

  /**
   * From now on does what is given, by the signal's name without SIG, until it is closed.
   *
   * @throws IllegalStateException when this JVM has no such signals; with {@code -Xrs} it leaves them to the system
   */
  static Signals on(Map<String, Runnable> actions) {
    Signals signals = new Signals(Library.load());
    try {
      actions.forEach(signals::handle);
    } catch (RuntimeException e) {
      signals.close();
      throw e;
    }
    return signals;
  }

  private void handle(String name, Runnable action) {
    Object signal = library.signal(name);
    former.put(signal, library.handle(signal, library.handler(action)));
  }

  /** Restores what was done before. An action that runs now runs to its end. */
  @Override
  public void close() {
    former.forEach(library::handle);
    former.clear();
  }

  /** sun.misc.Signal and sun.misc.SignalHandler. */
  private record Library(Class<?> signal, Class<?> handler, Method handle) {

    static Library load() {
      try {
        Class<?> signal = Class.forName("sun.misc.Signal");
        Class<?> handler = Class.forName("sun.misc.SignalHandler");
        return new Library(signal, handler, signal.getMethod("handle", signal, handler));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("this Java has no sun.misc.Signal", e);
      }
    }

    Object signal(String name) {
      try {
        return signal.getConstructor(String.class).newInstance(name);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("this Java has no signal " + name, e);
      }
    }

    Object handler(Runnable action) {
      return Proxy.newProxyInstance(
          Signals.class.getClassLoader(),
          new Class<?>[] {handler},
          (proxy, method, arguments) ->
              switch (method.getName()) {
                case "handle" -> {
                  action.run();
                  yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "handler of " + action;
              });
    }

    /** Sets a handler; the one before. */
    Object handle(Object of, Object newHandler) {
      try {
        return handle.invoke(null, of, newHandler);
      } catch (InvocationTargetException e) {
        throw new IllegalStateException("signal " + of + " can't be handled: " + e.getCause().getMessage(), e);
      } catch (IllegalAccessException e) {
        throw new IllegalStateException("signal " + of + " can't be handled", e);
      }
    }
  }
}
