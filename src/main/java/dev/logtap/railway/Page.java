package dev.logtap.railway;

import java.util.List;

/**
 * Stored entries.
 *
 * @param entries oldest first
 * @param more whether older ones within the asked span are left
 */
public record Page(List<Entry> entries, boolean more) {}
