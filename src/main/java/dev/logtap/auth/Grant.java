package dev.logtap.auth;

import java.time.Duration;

/**
 * What a new token is to allow.
 *
 * @param subject whose it is; null to leave it out
 * @param lifetime from now on, rounded up to whole seconds, in which tokens count time
 */
public record Grant(String subject, Duration lifetime, Scope logs, Scope environments) {}
