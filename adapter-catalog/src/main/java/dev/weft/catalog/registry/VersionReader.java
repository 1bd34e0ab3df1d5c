package dev.weft.catalog.registry;

import static dev.weft.catalog.database.Transaction.required;

import dev.weft.catalog.lifecycle.Content;
import dev.weft.catalog.lifecycle.Lifecycle;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.adapter.VersionState;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import io.r2dbc.spi.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Rows of {@code versions} to {@link Version} and the columns back. */
final class VersionReader {
    /** What {@link #read} needs, of {@code versions v} joined with {@code adapters a}. */
    static final String COLUMNS =
            "v.id, v.adapter_id, v.number, a.tenant, a.name, v.state, v.source, v.repo, v.revision,"
                + " v.resolved_revision, v.digest, v.lora_rank, v.lora_alpha, v.rs_lora, v.modules,"
                + " v.dtype, v.parameters, v.reasons, v.warnings, v.effect, v.created_at,"
                + " v.updated_at, v.ready_at";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<List<Reason>> REASONS = new TypeReference<>() {};

    private static final TypeReference<Map<LinearModule, Double>> EFFECT = new TypeReference<>() {};

    private VersionReader() {}

    static Version read(Row row) {
        return new Version(
                required(row, "id", Long.class),
                adapter(row),
                row.get("number", Integer.class),
                lifecycle(row),
                new RepositoryRef(
                        RepositorySource.valueOf(required(row, "source", String.class)),
                        required(row, "repo", String.class),
                        row.get("revision", String.class)),
                row.get("resolved_revision", String.class),
                reasons(row, "warnings"),
                effect(row),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    static String json(List<Reason> reasons) {
        return JSON.writeValueAsString(reasons);
    }

    static String modules(LoraFacts facts) {
        return facts.modules().stream().map(LinearModule::name).collect(Collectors.joining(","));
    }

    private static Lifecycle lifecycle(Row row) {
        return switch (VersionState.valueOf(required(row, "state", String.class))) {
            case Registered -> new Lifecycle.Registered();
            case Fetching -> new Lifecycle.Fetching();
            case Validating -> new Lifecycle.Validating();
            case Converting -> new Lifecycle.Converting();
            case Ready -> new Lifecycle.Ready(content(row));
            case Disabled -> new Lifecycle.Disabled(content(row));
            case Retired -> new Lifecycle.Retired(content(row));
            case Rejected -> new Lifecycle.Rejected(reasons(row, "reasons"));
        };
    }

    static AdapterId adapter(Row row) {
        return new AdapterId(
                required(row, "tenant", String.class), required(row, "name", String.class));
    }

    static Content content(Row row) {
        TreeSet<LinearModule> modules =
                Arrays.stream(required(row, "modules", String.class).split(",", -1))
                        .filter(name -> !name.isEmpty())
                        .map(LinearModule::valueOf)
                        .collect(Collectors.toCollection(TreeSet::new));
        return new Content(
                AdapterDigest.parse(required(row, "digest", String.class)),
                new LoraFacts(
                        required(row, "lora_rank", Integer.class),
                        required(row, "lora_alpha", Double.class),
                        required(row, "rs_lora", Boolean.class),
                        modules,
                        required(row, "dtype", String.class),
                        required(row, "parameters", Long.class)),
                instant(row, "ready_at"));
    }

    private static List<Reason> reasons(Row row, String column) {
        return JSON.readValue(required(row, column, String.class), REASONS);
    }

    static String json(Map<LinearModule, Double> effect) {
        return JSON.writeValueAsString(effect);
    }

    private static Map<LinearModule, Double> effect(Row row) {
        String json = row.get("effect", String.class);
        return json == null ? Map.of() : JSON.readValue(json, EFFECT);
    }

    private static Instant instant(Row row, String column) {
        return required(row, column, OffsetDateTime.class).toInstant();
    }
}
