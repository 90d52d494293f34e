package dev.logtap.auth;

import java.time.Instant;

/**
 * What a token that was found good allows.
 *
 * @param subject whose it is; null where it does not say
 * @param expires from this moment on it is no longer good, also for what is open by then
 * @param logs by name
 * @param environments by the names or ids that the token has
 */
public record Access(String subject, Instant expires, Scope logs, Scope environments) {}
