package dev.weft.inference.relay.process;

import dev.weft.inference.relay.dialect.Dialect;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options of an operator's command. They may not contradict what the worker expects of its
 * server, since requests would then fail later, and elsewhere.
 */
final class GivenOptions {
    private static final String HOST = "--host";
    private static final String PORT = "--port";
    private static final int LAST_PORT = 65_535;

    /** Hosts by which a server listens on 127.0.0.1, too. */
    private static final Set<String> HOSTS = Set.of("127.0.0.1", "localhost", "0.0.0.0", "::");

    /** Options by name, with dashes; the value of a switch is empty. */
    private final Map<String, String> values = new HashMap<>();

    GivenOptions(List<String> words) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (!word.startsWith("--")) {
                continue;
            }
            int equals = word.indexOf('=');
            if (equals > 0) {
                values.put(name(word.substring(0, equals)), word.substring(equals + 1));
            } else {
                boolean last = i + 1 == words.size() || words.get(i + 1).startsWith("--");
                values.put(name(word), last ? "" : words.get(i + 1));
            }
        }
    }

    /** Servers take underscores for dashes. */
    private static String name(String word) {
        return word.replace('_', '-');
    }

    boolean has(String option) {
        return values.containsKey(name(option));
    }

    /** The host at which the server listens; empty if none is given. */
    String host() {
        return values.getOrDefault(HOST, "");
    }

    /**
     * The port at which the server listens; empty if none is given.
     *
     * @throws IllegalStateException if it is not a port
     */
    OptionalInt port() {
        String given = values.get(PORT);
        if (given == null) {
            return OptionalInt.empty();
        }
        Integer number = number(given);
        if (number == null || number < 1 || number > LAST_PORT) {
            throw refused(PORT, "1 to " + LAST_PORT + " is allowed");
        }
        return OptionalInt.of(number);
    }

    /**
     * Refuses what contradicts the worker.
     *
     * @throws IllegalStateException names the option, and what is allowed
     */
    void check(Dialect dialect, List<Dialect.Option> own) {
        if (has(HOST) && !HOSTS.contains(host())) {
            throw refused(HOST, "the worker reaches it at 127.0.0.1 alone: leave it out");
        }
        OptionalInt _ = port();
        if (has("--api-key")) {
            throw refused(
                    "--api-key",
                    dialect.keyVariable().isEmpty()
                            ? "the server listens on loopback without one: leave it out"
                            : "weft.relay.api-key is the server's key");
        }
        own.forEach(this::checkLimit);
    }

    private void checkLimit(Dialect.Option own) {
        String given = values.get(name(own.name()));
        if (given == null || own.setting().isEmpty()) {
            return;
        }
        Integer number = number(given);
        if (number == null || number < Integer.parseInt(own.value())) {
            throw refused(
                    own.name(),
                    "at least %s is allowed, which is what %s needs; leave it out, and the worker"
                                    .formatted(own.value(), own.setting())
                            + " sets it");
        }
    }

    private static @Nullable Integer number(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private IllegalStateException refused(String option, String why) {
        String value = values.getOrDefault(name(option), "");
        boolean shown = !value.isEmpty() && !option.equals("--api-key");
        return new IllegalStateException(
                "weft.relay.command: " + option + (shown ? " " + value : "") + ": " + why);
    }
}
