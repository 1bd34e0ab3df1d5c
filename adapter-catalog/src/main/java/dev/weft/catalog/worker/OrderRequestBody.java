package dev.weft.catalog.worker;

import dev.weft.catalog.web.JsonBody;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.json.SenderName;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The body of a POST that has workers pin or prefetch a version. */
@Schema(
        name = "OrderRequest",
        description = "Which version which workers are to hold",
        requiredProperties = {"kind", "adapter", "workers"})
record OrderRequestBody(
        @Schema(description = "What is asked for", example = "prefetch") WorkerOrder.Kind kind,
        @Schema(description = "Name of the adapter", example = "sql") String adapter,
        @Schema(
                        types = {"integer", "null"},
                        description = "Number of its version; the newest if left out",
                        example = "1")
                @Nullable Integer version,
        @Schema(
                        description = "Ids of workers; \"*\" alone stands for all that are alive",
                        example = "[\"*\"]")
                List<String> workers) {
    static final String PREFETCH =
            """
            {"kind": "prefetch", "adapter": "sql", "workers": ["*"]}\
            """;

    static final String PIN =
            """
            {"kind": "pin", "adapter": "sql", "version": 1, "workers": ["*"]}\
            """;

    private static final String KINDS = Arrays.toString(WorkerOrder.Kind.values());
    private static final String WORKERS =
            "a list of the ids of workers, or of \"*\" for all that are alive";

    /**
     * A request, read from the body.
     *
     * @param workers ids; null for all that are alive
     */
    record Request(
            WorkerOrder.Kind kind,
            String adapter,
            @Nullable Integer version,
            @Nullable List<String> workers) {}

    static Request read(byte @Nullable [] bytes) {
        JsonBody body = new JsonBody(bytes, "kind", "adapter", "version", "workers");
        WorkerOrder.Kind kind = null;
        for (WorkerOrder.Kind each : WorkerOrder.Kind.values()) {
            kind = each.name().equals(body.field("kind").asString("")) ? each : kind;
        }
        JsonNode adapter = body.field("adapter");
        if (!adapter.isString() || !AdapterId.isName(adapter.asString())) {
            body.fault("adapter", adapter, AdapterId.NAME_RULE);
        }
        Integer version = version(body);
        List<String> workers = workers(body);
        if (kind == null) {
            body.fault("kind", body.field("kind"), KINDS);
            kind = WorkerOrder.Kind.prefetch;
        }
        body.check();
        return new Request(
                kind, adapter.asString(), version, workers.equals(List.of("*")) ? null : workers);
    }

    private static @Nullable Integer version(JsonBody body) {
        JsonNode version = body.field("version");
        if (version.isMissingNode() || version.isNull()) {
            return null;
        }
        if (!version.isInt() || version.asInt() < 1) {
            body.fault("version", version, "a number of 1 or more");
            return null;
        }
        return version.asInt();
    }

    private static List<String> workers(JsonBody body) {
        JsonNode list = body.field("workers");
        List<String> workers = new ArrayList<>();
        for (JsonNode worker : list) {
            workers.add(worker.asString(""));
        }
        boolean all = workers.equals(List.of("*"));
        boolean ids = workers.stream().allMatch(SenderName::isName);
        if (!list.isArray() || workers.isEmpty() || !(all || ids)) {
            body.fault("workers", list, WORKERS);
        }
        return workers;
    }
}
