package dev.weft.standalone.adapters.client;

import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.adapter.VersionState;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The JSON of the admin API, as far as the command line needs it. */
final class AdapterJson {
    private AdapterJson() {}

    static List<NamedAdapter> adapters(JsonNode page) {
        var all = new ArrayList<NamedAdapter>();
        for (JsonNode adapter : page.path("items")) {
            all.add(
                    new NamedAdapter(
                            adapter.path("name").asString(),
                            versions(adapter),
                            text(adapter, "hint")));
        }
        return all;
    }

    /** The address of the next page; empty on the last one. */
    static Optional<String> next(JsonNode page) {
        return Optional.ofNullable(text(page, "next"));
    }

    static List<AdapterVersion> versions(JsonNode adapter) {
        var all = new ArrayList<AdapterVersion>();
        for (JsonNode version : adapter.path("versions")) {
            all.add(version(version));
        }
        return all;
    }

    private static AdapterVersion version(JsonNode node) {
        return new AdapterVersion(
                node.path("version").isNumber() ? node.path("version").asInt() : null,
                text(node, "digest"),
                VersionState.valueOf(node.path("state").asString()),
                reasons(node.path("reasons")),
                reasons(node.path("warnings")),
                node.path("rank").isNumber() ? node.path("rank").asInt() : null,
                texts(node.path("modules")),
                new RepositoryRef(
                        RepositorySource.valueOf(node.path("source").asString()),
                        node.path("repo").asString(),
                        text(node, "revision")),
                progress(node.path("progress")),
                text(node, "waiting"));
    }

    private static @Nullable FetchProgress progress(JsonNode node) {
        JsonNode total = node.path("bytesTotal");
        return node.isObject()
                ? new FetchProgress(
                        node.path("bytesDone").asLong(),
                        total.isNumber() ? total.asLong() : null,
                        node.path("file").asString(""))
                : null;
    }

    private static List<Reason> reasons(JsonNode list) {
        var all = new ArrayList<Reason>();
        for (JsonNode reason : list) {
            all.add(
                    new Reason(
                            reason.path("code").asString(""),
                            text(reason, "file"),
                            text(reason, "tensor"),
                            text(reason, "found"),
                            text(reason, "allowed"),
                            reason.path("message").asString("")));
        }
        return all;
    }

    private static List<String> texts(JsonNode list) {
        var all = new ArrayList<String>();
        list.forEach(item -> all.add(item.asString()));
        return all;
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isMissingNode() || value.isNull() ? null : value.asString();
    }
}
