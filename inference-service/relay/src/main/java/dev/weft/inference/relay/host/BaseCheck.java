package dev.weft.inference.relay.host;

import dev.weft.inference.relay.call.ListedModels;
import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.inference.relay.dialect.AdapterCall;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * Finds out whether a server serves another base than the deployment's. It compares the name that
 * the server lists, its checkpoint's config.json if this machine has it too, and the tokens that
 * the server knows if it refuses others. Servers take adapters for another base, if its layers have
 * room for them. Any thread.
 */
record BaseCheck(ServerCalls calls, Dialect dialect, BaseFacts facts) {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long LONGEST_CONFIG = 1 << 20;

    /**
     * The reason why the server does not serve the base; empty if none was found.
     *
     * @param base the server's name of it
     * @throws IOException if the server does not answer
     */
    Optional<String> trouble(ListedModels served, String base)
            throws IOException, InterruptedException {
        Optional<String> other = otherName(served, base).or(() -> otherFiles(served, base));
        return other.isPresent() ? other : otherTokens(base);
    }

    /** The reason if the server's list of models lacks the base; else empty. */
    static Optional<String> otherName(ListedModels served, String base) {
        return served.bases().contains(base)
                ? Optional.empty()
                : Optional.of(
                        "it serves %s, and not '%s' (weft.relay.model)"
                                .formatted(served.bases(), base));
    }

    private Optional<String> otherFiles(ListedModels served, String base) {
        String root = served.roots().getOrDefault(base, "");
        try {
            Path config = Path.of(root).resolve("config.json");
            if (!config.isAbsolute()
                    || !Files.isReadable(config)
                    || Files.size(config) > LONGEST_CONFIG) {
                return Optional.empty();
            }
            BaseFacts its = BaseFacts.read(Files.readString(config), "");
            return facts.shape().entrySet().stream()
                    .filter(own -> differs(own, its))
                    .findFirst()
                    .map(own ->
                            "it serves another base: %s of %s is %s, and the deployment's is %s"
                                    .formatted(
                                            own.getKey(),
                                            config,
                                            its.shape().get(own.getKey()),
                                            own.getValue()));
        } catch (InvalidPathException | IOException | JacksonException e) {
            return Optional.empty();
        }
    }

    private static boolean differs(Map.Entry<String, String> own, BaseFacts its) {
        String other = its.shape().get(own.getKey());
        return other != null && !other.equals(own.getValue());
    }

    private Optional<String> otherTokens(String base) throws IOException, InterruptedException {
        if (!dialect.refusesUnknownTokens() || facts.vocabulary() == 0) {
            return Optional.empty();
        }
        int last = facts.vocabulary() - 1;
        if (dialect.isUnknownToken(asked(base, last))) {
            return Optional.of(
                    "it serves another base: it does not know token %d, the deployment's last one"
                            .formatted(last));
        }
        ServerReply beyond = asked(base, facts.tokens());
        return beyond.ok()
                ? Optional.of(
                        "it serves another base: it knows token %d, and the deployment's has %d"
                                .formatted(facts.tokens(), facts.tokens()))
                : Optional.empty();
    }

    private ServerReply asked(String base, int token) throws IOException, InterruptedException {
        return calls.post(
                new AdapterCall(
                        "/v1/completions",
                        Map.of("model", base, "prompt", List.of(token), "max_tokens", 1)),
                DEADLINE);
    }
}
