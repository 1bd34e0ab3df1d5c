package dev.weft.system.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Commands that a user sends to a catalog, each in a process of its own.
 *
 * @param environment variables added to this process's own
 */
public record Commands(URI catalog, Map<String, String> environment) {
    public Commands {
        environment = Map.copyOf(environment);
    }

    /** Commands without a token. */
    public static Commands to(URI catalog) {
        return new Commands(catalog, Map.of());
    }

    /** The same commands with a token. */
    public Commands with(String token) {
        Map<String, String> all = new HashMap<>(environment);
        all.put("WEFT_TOKEN", token);
        return new Commands(catalog, all);
    }

    /** Runs a command to its end. */
    public Program.Finished run(String... command) throws IOException, InterruptedException {
        return Launched.command(
                environment,
                Stream.of(Stream.of(command), Stream.of("--catalog", catalog.toString()))
                        .flatMap(words -> words)
                        .toArray(String[]::new));
    }

    /** Creates a token, by name and options of {@code tokens create}; returns its secret. */
    public String createToken(String... arguments) throws IOException, InterruptedException {
        String secret =
                run(Stream.of(Stream.of("tokens", "create"), Stream.of(arguments))
                                .flatMap(words -> words)
                                .toArray(String[]::new))
                        .output()
                        .strip();
        assertThat(secret).startsWith("weft_");
        return secret;
    }
}
