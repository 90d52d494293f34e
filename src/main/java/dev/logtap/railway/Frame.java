package dev.logtap.railway;

/**
 * A message of graphql-transport-ws.
 *
 * @param id of the subscription; null where it is of none
 * @param text all of it
 */
record Frame(String type, String id, String text) {}
