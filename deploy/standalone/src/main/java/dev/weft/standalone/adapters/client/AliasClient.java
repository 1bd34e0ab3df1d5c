package dev.weft.standalone.adapters.client;

import dev.weft.standalone.failure.CommandException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Changes aliases through the admin API. A change names the revision that was read before it. */
public final class AliasClient {
    private final CatalogClient catalog;

    public AliasClient(CatalogClient catalog) {
        this.catalog = catalog;
    }

    public Optional<JsonNode> find(String name) throws CommandException {
        return catalog.call("GET", path(name), null);
    }

    /**
     * Points the alias at these versions; creates it if there is none.
     *
     * @param revision the expected revision; null takes the current one
     */
    public JsonNode set(String name, List<AliasTarget> targets, @Nullable Long revision)
            throws CommandException {
        Optional<Long> seen =
                revision == null
                        ? find(name).map(alias -> alias.path("revision").asLong())
                        : Optional.of(revision);
        return catalog.call(
                        "PUT",
                        path(name),
                        AliasTarget.body(targets),
                        seen.isPresent() ? "If-Match" : "If-None-Match",
                        seen.map(AliasClient::tag).orElse("*"))
                .orElseThrow(() -> unknown(name));
    }

    public JsonNode rollBack(String name, @Nullable Long to) throws CommandException {
        long seen = seen(name);
        return catalog.call(
                        "POST",
                        path(name) + "/rollback" + (to == null ? "" : "?to=" + to),
                        null,
                        "If-Match",
                        tag(seen))
                .orElseThrow(() -> unknown(name));
    }

    public void remove(String name) throws CommandException {
        long seen = seen(name);
        if (catalog.call("DELETE", path(name), null, "If-Match", tag(seen)).isEmpty()) {
            throw unknown(name);
        }
    }

    /** Describes an alias in one line, for people. */
    public static String line(JsonNode alias) {
        return alias.path("name").asString("")
                + " -> "
                + AliasTarget.read(alias.path("targets")).stream()
                        .map(AliasTarget::toString)
                        .collect(Collectors.joining(" "))
                + " (revision "
                + alias.path("revision").asLong()
                + ")";
    }

    private long seen(String name) throws CommandException {
        return find(name)
                .map(alias -> alias.path("revision").asLong())
                .orElseThrow(() -> unknown(name));
    }

    private static String tag(long revision) {
        return "\"" + revision + "\"";
    }

    private static String path(String name) {
        return "aliases/" + CatalogClient.segment(name);
    }

    private static CommandException unknown(String name) {
        return new CommandException("there is no alias " + name);
    }
}
