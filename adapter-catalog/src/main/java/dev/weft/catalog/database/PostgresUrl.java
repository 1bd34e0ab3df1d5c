package dev.weft.catalog.database;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parts of {@code weft.catalog.database}. The key has always accepted {@code
 * r2dbc:postgresql://user:password@host:port/name}, and deployment files use it. It means the same
 * database as with {@code jdbc:}, the form that the driver understands.
 *
 * @param jdbc the JDBC address, without user and password
 */
record PostgresUrl(String jdbc, String user, String password) {
    private static final Pattern SHAPE =
            Pattern.compile(
                    "(?<scheme>jdbc|r2dbc(?::pool)?):postgresql://"
                            + "(?:(?<user>[^:@/?]*)(?::(?<password>[^@/?]*))?@)?"
                            + "(?<hosts>[^@/?]+)/(?<name>[^/?]+)(?:\\?(?<query>.*))?");

    static PostgresUrl parse(String url) {
        Matcher parts = SHAPE.matcher(url);
        if (!parts.matches()) {
            throw refused();
        }
        Map<String, String> query = query(parts.group("query"));
        if (!parts.group("scheme").equals("jdbc")) {
            query = R2dbcParameters.toJdbc(query);
        }
        String user = decoded(parts.group("user"));
        String password = decoded(parts.group("password"));
        String named = decoded(query.remove("user"));
        String secret = decoded(query.remove("password"));
        user = user == null ? named : user;
        password = password == null ? secret : password;
        if (user == null || user.isEmpty()) {
            throw refused();
        }
        String jdbc = "jdbc:postgresql://" + parts.group("hosts") + "/" + parts.group("name");
        return new PostgresUrl(jdbc + text(query), user, password == null ? "" : password);
    }

    /** The address holds a password, so nothing of it is repeated. */
    private static IllegalArgumentException refused() {
        return new IllegalArgumentException(
                "weft.catalog.database is not the address of a PostgreSQL database; allowed is"
                        + " jdbc:postgresql://user:password@host:port/name, or the same as"
                        + " r2dbc:postgresql://user:password@host:port/name");
    }

    /** The parameters in their order, with values as written in the address. */
    private static Map<String, String> query(@Nullable String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (query != null) {
            for (String parameter : query.split("&", -1)) {
                String[] parts = parameter.split("=", 2);
                parameters.put(parts[0], parts.length == 1 ? "" : parts[1]);
            }
        }
        return parameters;
    }

    private static String text(Map<String, String> query) {
        return query.isEmpty()
                ? ""
                : query.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .collect(Collectors.joining("&", "?", ""));
    }

    private static @Nullable String decoded(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            // unlike in a form, a plus is a plus
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw refused();
        }
    }

    /** The address without the password. */
    @Override
    public String toString() {
        return "PostgresUrl[" + user + "]";
    }
}
