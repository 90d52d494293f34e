/**
 * Tokens: from a JWT to who may read what until when, or why not; and how one is made.
 *
 * <p>Knows nothing else of ours; the only package with java-jwt. All of it is immutable: any thread may check
 * tokens, each connection does so on its own.
 */
package dev.logtap.auth;
