package dev.logtap.railway;

import java.util.Map;
import java.util.Set;

/**
 * A GraphQL operation that came.
 *
 * @param subscription whether it is a {@code subscribe}; else it came by HTTP
 * @param headers names of the HTTP request's, or of the socket's upgrade request, whatever their case
 * @param field the first that it asks for; empty where the query can't be read
 */
public record StandInRequest(
    boolean subscription, Set<String> headers, String field, String query, Map<String, Object> variables) {}
