package dev.logtap.client;

/**
 * On which terms servers are spoken with; the same for all targets.
 *
 * @param reconnects whether a target that is lost, or can't be reached, is tried again
 */
public record Terms(TokenSource tokens, Trust trust, Patience patience, boolean reconnects) {}
