/**
 * Railway's side of the relay: the entries of an environment's log, each once, and losses where that can't be had.
 *
 * <p>Others open {@code Railway} by a {@link dev.logtap.railway.RailwayAccess} and know it as {@link
 * dev.logtap.railway.EnvironmentLogs}. Each environment's stream runs on a virtual thread of its own, which calls its
 * listener; all share one socket ({@code SharedSocket}, {@code Connection}), one HTTP client ({@code Endpoint}) and one
 * budget of requests. Speaks GraphQL over HTTP for what is stored and {@code graphql-transport-ws} for what comes. Knows of
 * nothing of ours; the {@code relay} package calls it.
 */
package dev.logtap.railway;
