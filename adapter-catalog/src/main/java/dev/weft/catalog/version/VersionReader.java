package dev.weft.catalog.version;

import dev.weft.catalog.database.ModuleColumn;
import dev.weft.catalog.database.Rows;
import dev.weft.catalog.lifecycle.Content;
import dev.weft.catalog.lifecycle.Lifecycle;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.AdapterTask;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.adapter.VersionState;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Converts rows of {@code versions} to {@link Version}, and back to columns. */
public final class VersionReader {
    private static final TypeReference<List<Reason>> REASONS = new TypeReference<>() {};

    private static final TypeReference<Map<LinearModule, Double>> EFFECT = new TypeReference<>() {};

    private VersionReader() {}

    static Version read(ResultSet row, int place) throws SQLException {
        return new Version(
                row.getLong("id"),
                adapter(row),
                Rows.intOrNull(row, "number"),
                lifecycle(row),
                origin(row),
                new Version.Findings(reasons(row, "warnings"), effect(row)),
                new Version.Times(
                        Rows.instant(row, "created_at"), Rows.instant(row, "updated_at")));
    }

    private static Version.Origin origin(ResultSet row) throws SQLException {
        return new Version.Origin(
                new RepositoryRef(
                        RepositorySource.valueOf(Rows.text(row, "source")),
                        Rows.text(row, "repo"),
                        row.getString("revision")),
                row.getString("resolved_revision"));
    }

    static String json(List<Reason> reasons) {
        return JsonMapper.shared().writeValueAsString(reasons);
    }

    private static Lifecycle lifecycle(ResultSet row) throws SQLException {
        return switch (VersionState.valueOf(Rows.text(row, "state"))) {
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

    public static AdapterId adapter(ResultSet row) throws SQLException {
        return new AdapterId(Rows.text(row, "tenant"), Rows.text(row, "name"));
    }

    public static Content content(ResultSet row) throws SQLException {
        return new Content(
                AdapterDigest.parse(Rows.text(row, "digest")),
                new LoraFacts(
                        row.getInt("lora_rank"),
                        row.getDouble("lora_alpha"),
                        row.getBoolean("rs_lora"),
                        ModuleColumn.read(row),
                        Rows.text(row, "dtype"),
                        row.getLong("parameters"),
                        AdapterTask.valueOf(Rows.text(row, "task"))),
                Rows.instant(row, "ready_at"));
    }

    private static List<Reason> reasons(ResultSet row, String column) throws SQLException {
        return JsonMapper.shared().readValue(Rows.text(row, column), REASONS);
    }

    public static String json(Map<LinearModule, Double> effect) {
        return JsonMapper.shared().writeValueAsString(effect);
    }

    private static Map<LinearModule, Double> effect(ResultSet row) throws SQLException {
        String json = row.getString("effect");
        return json == null ? Map.of() : JsonMapper.shared().readValue(json, EFFECT);
    }
}
