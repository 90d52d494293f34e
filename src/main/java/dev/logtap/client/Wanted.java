package dev.logtap.client;

import java.util.List;

/**
 * What is asked of every stream.
 *
 * @param lines how many to begin with
 * @param search null for all
 * @param services of environments; empty for all
 * @param severities of environments; empty for all
 */
public record Wanted(int lines, String search, List<String> services, List<String> severities) {}
