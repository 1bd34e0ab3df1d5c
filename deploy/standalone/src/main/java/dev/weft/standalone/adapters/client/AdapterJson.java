package dev.weft.standalone.adapters.client;

import dev.weft.protocol.adapter.AdapterTask;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.adapter.VersionState;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The JSON of the admin API, as far as the command line needs it. */
final class AdapterJson {
    private AdapterJson() {}

    static List<NamedAdapter> adapters(JsonNode page) {
        return page.path("items")
                .valueStream()
                .map(adapter ->
                        new NamedAdapter(
                                adapter.path("name").asString(),
                                versions(adapter),
                                text(adapter, "hint")))
                .toList();
    }

    /** The number of a registration. */
    static long id(JsonNode version) {
        return version.path("id").asLong();
    }

    /** The address of the next page; empty on the last one. */
    static Optional<String> next(JsonNode page) {
        return Optional.ofNullable(text(page, "next"));
    }

    static List<AdapterVersion> versions(JsonNode adapter) {
        return adapter.path("versions").valueStream().map(AdapterJson::version).toList();
    }

    static AdapterVersion version(JsonNode node) {
        return new AdapterVersion(
                id(node),
                new AdapterVersion.Content(
                        number(node, "version"),
                        text(node, "digest"),
                        number(node, "rank"),
                        task(node)),
                VersionState.valueOf(node.path("state").asString()),
                reasons(node.path("reasons")),
                reasons(node.path("warnings")),
                new RepositoryRef(
                        RepositorySource.valueOf(node.path("source").asString()),
                        node.path("repo").asString(),
                        text(node, "revision")),
                new AdapterVersion.Work(progress(node.path("progress")), text(node, "waiting")));
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
        return list.valueStream()
                .map(reason ->
                        new Reason(
                                reason.path("code").asString(""),
                                text(reason, "file"),
                                text(reason, "tensor"),
                                text(reason, "found"),
                                text(reason, "allowed"),
                                reason.path("message").asString("")))
                .toList();
    }

    private static @Nullable AdapterTask task(JsonNode node) {
        String name = text(node, "task");
        return name == null ? null : AdapterTask.valueOf(name);
    }

    private static @Nullable Integer number(JsonNode node, String field) {
        return node.path(field).isNumber() ? node.path(field).asInt() : null;
    }

    private static @Nullable String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        return value.isMissingNode() || value.isNull() ? null : value.asString();
    }
}
