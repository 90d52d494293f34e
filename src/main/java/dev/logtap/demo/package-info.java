/**
 * The sample logs of {@code serve --demo}: a shop's four logs, written into a temporary folder and rotated each minute, and
 * an environment like one of Railway's, without Railway. What happens in them is invented, second by second, by a seeded
 * generator: the same seed and time give the same lines.
 *
 * <p>{@link dev.logtap.demo.Demo} is all that others call. One thread of its own, {@code demo}, does all that is done, but
 * for the environment's streams, which have a virtual thread each. Knows of {@code log} what an allowlist's entry is, and
 * of {@code railway} the values that a relay takes; only {@code cli} calls it.
 */
package dev.logtap.demo;
