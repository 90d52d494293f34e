package dev.logtap.hub;

/** Clients of one log look for so many different texts already that no further one can be served. */
public final class TooManyFiltersException extends Exception {
  private static final long serialVersionUID = 1;

  TooManyFiltersException(int most) {
    super("clients of this log look for " + most + " different texts already; try again later, or without search");
  }
}
