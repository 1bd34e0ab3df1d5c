package dev.weft.catalog.database;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Translates parameters of a PostgreSQL R2DBC address to the names of the JDBC driver. */
final class R2dbcParameters {
    private static final Logger LOG = LoggerFactory.getLogger(R2dbcParameters.class);

    private static final Map<String, String> NAMES =
            Map.ofEntries(
                    Map.entry("schema", "currentSchema"),
                    Map.entry("ssl", "ssl"),
                    Map.entry("sslMode", "sslmode"),
                    Map.entry("sslRootCert", "sslrootcert"),
                    Map.entry("sslCert", "sslcert"),
                    Map.entry("sslKey", "sslkey"),
                    Map.entry("sslPassword", "sslpassword"),
                    Map.entry("applicationName", "ApplicationName"),
                    Map.entry("connectTimeout", "connectTimeout"),
                    Map.entry("targetServerType", "targetServerType"),
                    Map.entry("tcpKeepAlive", "tcpKeepAlive"),
                    Map.entry("tcpNoDelay", "tcpNoDelay"));

    private R2dbcParameters() {}

    /**
     * Returns the parameters by their names in JDBC; the log names each one that JDBC does not
     * have.
     */
    static Map<String, String> toJdbc(Map<String, String> parameters) {
        Map<String, String> named = new LinkedHashMap<>();
        parameters.forEach((name, value) -> {
            String jdbc = NAMES.get(name);
            if (jdbc == null) {
                LOG.warn("weft.catalog.database: parameter '{}' of R2DBC has no effect", name);
            } else {
                named.put(jdbc, value(name, value));
            }
        });
        return named;
    }

    private static String value(String name, String value) {
        return switch (name) {
            case "sslMode" -> value.toLowerCase(Locale.ROOT).replace('_', '-');
            case "connectTimeout" -> seconds(value);
            default -> value;
        };
    }

    private static String seconds(String duration) {
        try {
            return String.valueOf(Math.max(1, Duration.parse(duration).toSeconds()));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "weft.catalog.database: connectTimeout '"
                            + duration
                            + "' is not allowed; allowed is a duration such as PT3S");
        }
    }
}
