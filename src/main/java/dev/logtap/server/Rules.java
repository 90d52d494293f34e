package dev.logtap.server;

import dev.logtap.auth.Access;
import dev.logtap.auth.Authority;
import dev.logtap.log.AllowedLog;
import dev.logtap.railway.EnvironmentSource;
import java.util.Map;
import javax.net.ssl.SSLContext;

/**
 * What the administrator can change while the server runs: each reload brings new ones, whole. A connection
 * asks for the present ones whenever it needs them, but for the limits of sizes and pings, which are those it began with.
 *
 * @param logs the allowlist by name, in order
 * @param environments that are relayed: their ids, by the names that they have here
 * @param source where they are relayed from; null where there are none
 * @param tls null where the server speaks plainly
 */
public record Rules(
    Map<String, AllowedLog> logs,
    Map<String, String> environments,
    EnvironmentSource source,
    Authority authority,
    Origins origins,
    SSLContext tls,
    Limits limits) {

  /** The id of an environment, which is also known by that; null where there is none. */
  String environmentId(String nameOrId) {
    String id = environments.get(nameOrId);
    return id == null && environments.containsValue(nameOrId) ? nameOrId : id;
  }

  /** Whether a token's holder may read an environment: by its id, or by one of its names. */
  boolean opens(Access access, String environmentId) {
    return access.environments().covers(environmentId)
        || environments.entrySet().stream()
            .anyMatch(named -> named.getValue().equals(environmentId) && access.environments().covers(named.getKey()));
  }
}
