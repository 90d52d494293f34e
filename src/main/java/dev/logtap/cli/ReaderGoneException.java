package dev.logtap.cli;

import java.io.IOException;

/** Whoever read our output has closed it: {@code logtap tail app | head}. That is no failure. */
final class ReaderGoneException extends OutputException {
  private static final long serialVersionUID = 1;

  ReaderGoneException(IOException cause) {
    super("the reader of the output has gone", cause);
  }
}
