package dev.logtap.server;

import dev.logtap.auth.Authority;
import dev.logtap.log.AllowedLog;
import java.util.Map;
import javax.net.ssl.SSLContext;

/**
 * What the administrator can change while the server runs: each reload brings new ones, whole. A connection
 * asks for the present ones whenever it needs them, but for the limits of sizes and pings, which are those it began with.
 *
 * @param logs the allowlist by name, in order
 * @param environments that are relayed: their ids, by the names that they have here
 * @param tls null where the server speaks plainly
 */
public record Rules(
    Map<String, AllowedLog> logs,
    Map<String, String> environments,
    Authority authority,
    Origins origins,
    SSLContext tls,
    Limits limits) {}
