package dev.weft.standalone.adapters.client;

import dev.weft.standalone.failure.CommandException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Tells people which workers hold the versions of an adapter. */
public final class Residency {
    private Residency() {}

    /** A line for each version on each worker; none if no worker has one. */
    public static List<String> lines(CatalogClient catalog, String name) throws CommandException {
        JsonNode items =
                catalog.call("GET", "residency?adapter=" + CatalogClient.segment(name), null)
                        .orElseThrow(() -> new CommandException("there is no adapter " + name));
        List<String> lines = new ArrayList<>();
        for (JsonNode item : items) {
            lines.add(line(name, item));
        }
        return lines;
    }

    private static String line(String name, JsonNode item) {
        JsonNode held = item.path("held");
        return "%s@%d  %s  %s%s  last used %s  loaded in %s"
                .formatted(
                        name,
                        item.path("version").asInt(),
                        item.path("worker").asString(""),
                        held.path("tier").asString(""),
                        held.path("pinned").asBoolean() ? ", pinned" : "",
                        held.path("lastUsed").asString("never"),
                        held.path("loadSeconds").isNumber()
                                ? "%.3f s".formatted(held.path("loadSeconds").asDouble())
                                : "-");
    }
}
