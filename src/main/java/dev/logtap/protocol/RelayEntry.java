package dev.logtap.protocol;

/**
 * A row of a relayed environment, as a client got it. What is not there is null.
 *
 * @param members all of it as JSON: the members of an object, without its braces
 */
public record RelayEntry(String timestamp, String severity, String serviceName, String message, byte[] members) {}
