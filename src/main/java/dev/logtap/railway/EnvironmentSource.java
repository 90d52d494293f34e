package dev.logtap.railway;

/**
 * Where the logs of environments are to be had: Railway, or whatever else can tell them. Equal ones lead to the same, so that
 * who has opened one sees whether another has to be opened in its stead.
 */
public interface EnvironmentSource {
  /** Opens it, without a word to the other side yet; close it in the end. Any thread may call it. */
  EnvironmentLogs open();
}
