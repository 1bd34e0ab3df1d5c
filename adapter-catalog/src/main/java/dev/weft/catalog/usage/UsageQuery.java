package dev.weft.catalog.usage;

import dev.weft.catalog.database.Rows;
import dev.weft.protocol.usage.UsageCounts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Adds {@code usage_days} up. Text of a statement comes from {@link UsageColumn} only. */
final class UsageQuery {
    private UsageQuery() {}

    /** The sums in the order of their groups. */
    static List<UsageSum> sums(JdbcClient tx, UsageSelection asked, UsagePlace place, int limit) {
        String columns =
                asked.columns().stream().map(UsageColumn::name).collect(Collectors.joining(", "));
        Map<String, Object> behind = new LinkedHashMap<>();
        place.after().forEach(value -> behind.put("after" + behind.size(), value));
        String sql =
                """
                SELECT %1$s, SUM(requests) AS requests, SUM(errors) AS errors,
                    SUM(prompt_tokens) AS prompt_tokens, SUM(cached_tokens) AS cached_tokens,
                    SUM(completion_tokens) AS completion_tokens, SUM(cost_nanos) AS cost_nanos
                FROM usage_days
                WHERE used_on >= :from AND used_on <= :to
                    AND (:anyTenant = 1 OR tenant = :tenant)
                    AND (:anyAdapter = 1 OR adapter = :adapter)
                    %2$s
                GROUP BY %1$s
                ORDER BY %1$s
                OFFSET :offset ROWS FETCH NEXT :limit ROWS ONLY
                """
                        .formatted(columns, behind(columns, behind.keySet()));
        return tx.sql(sql)
                .params(behind)
                .param("from", asked.from())
                .param("to", asked.to())
                .param("anyTenant", asked.tenant() == null ? 1 : 0)
                .param("tenant", Objects.requireNonNullElse(asked.tenant(), ""))
                .param("anyAdapter", asked.adapter() == null ? 1 : 0)
                .param("adapter", Objects.requireNonNullElse(asked.adapter(), ""))
                .param("offset", place.offset())
                .param("limit", limit)
                .query((row, _) -> read(row, asked))
                .list();
    }

    /** The condition on rows behind a place, whose values are parameters of these names. */
    private static String behind(String columns, Set<String> names) {
        String values = names.stream().map(name -> ":" + name).collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : "AND (%s) > (%s)".formatted(columns, values);
    }

    /** Tokens and cost of a key from a day on. */
    static UsageCounts ofKey(JdbcClient tx, long key, LocalDate from) {
        return tx.sql(
                        """
                        SELECT COALESCE(SUM(requests), 0) AS requests,
                            COALESCE(SUM(errors), 0) AS errors,
                            COALESCE(SUM(prompt_tokens), 0) AS prompt_tokens,
                            COALESCE(SUM(cached_tokens), 0) AS cached_tokens,
                            COALESCE(SUM(completion_tokens), 0) AS completion_tokens,
                            COALESCE(SUM(cost_nanos), 0) AS cost_nanos
                        FROM usage_days
                        WHERE key_id = :key AND used_on >= :from
                        """)
                .param("key", key)
                .param("from", from)
                .query((row, _) -> counts(row))
                .single();
    }

    private static UsageSum read(ResultSet row, UsageSelection asked) throws SQLException {
        boolean byKey = asked.by(UsageGroup.key);
        return new UsageSum(
                asked.by(UsageGroup.day) ? row.getObject("used_on", LocalDate.class) : null,
                asked.by(UsageGroup.tenant) ? Rows.text(row, "tenant") : null,
                byKey ? row.getLong("key_id") : null,
                byKey ? Rows.text(row, "key_name") : null,
                asked.by(UsageGroup.adapter) || asked.by(UsageGroup.version)
                        ? model(row, asked.by(UsageGroup.version))
                        : null,
                counts(row));
    }

    private static UsageSum.Model model(ResultSet row, boolean versions) throws SQLException {
        return new UsageSum.Model(
                Rows.text(row, "base"),
                Rows.text(row, "adapter_tenant"),
                Rows.text(row, "adapter"),
                versions ? row.getInt("number") : null,
                versions ? Rows.text(row, "digest") : null);
    }

    private static UsageCounts counts(ResultSet row) throws SQLException {
        return new UsageCounts(
                row.getLong("requests"),
                row.getLong("errors"),
                row.getLong("prompt_tokens"),
                row.getLong("cached_tokens"),
                row.getLong("completion_tokens"),
                row.getLong("cost_nanos"));
    }
}
