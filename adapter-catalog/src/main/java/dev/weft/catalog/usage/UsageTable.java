package dev.weft.catalog.usage;

import dev.weft.catalog.database.Rows;
import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCounts;
import dev.weft.protocol.usage.UsageSubject;
import dev.weft.protocol.usage.Used;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The statements that change {@code usage_days}. */
final class UsageTable {
    /** The columns that tell rows apart, in the order of their index. */
    private static final String KEY =
            "used_on, key_id, key_name, tenant, base, adapter_tenant, adapter, number, digest";

    private UsageTable() {}

    /** Adds counts to the row of their subject, which is made if it is not there. */
    static void add(JdbcClient tx, UsageBatch.Line line) {
        Map<String, Object> values = values(line);
        int known =
                tx.sql(
                                """
                                UPDATE usage_days
                                SET requests = requests + :requests,
                                    errors = errors + :errors,
                                    prompt_tokens = prompt_tokens + :prompt,
                                    cached_tokens = cached_tokens + :cached,
                                    completion_tokens = completion_tokens + :completion,
                                    cost_nanos = cost_nanos + :cost
                                WHERE used_on = :day AND key_id = :key AND key_name = :keyName
                                    AND tenant = :tenant AND base = :base
                                    AND adapter_tenant = :owner AND adapter = :adapter
                                    AND number = :number AND digest = :digest
                                """)
                        .params(values)
                        .update();
        if (known == 0) {
            insert(tx, values);
        }
    }

    /**
     * Removes the oldest rows before a day.
     *
     * @param most rows that are removed
     * @return how many were removed
     */
    static int removeBefore(JdbcClient tx, LocalDate day, int most) {
        return last(tx, day, most)
                .map(last ->
                        tx.sql(
                                        """
                                        DELETE FROM usage_days
                                        WHERE used_on <= :day AND (%s) <= (:day, :key, :keyName,
                                            :tenant, :base, :owner, :adapter, :number, :digest)
                                        """
                                                .formatted(KEY))
                                .params(last)
                                .update())
                .orElseGet(() ->
                        tx.sql("DELETE FROM usage_days WHERE used_on < :day")
                                .param("day", day)
                                .update());
    }

    /** The last one of that many rows before a day; empty if there are fewer. */
    private static Optional<Map<String, Object>> last(JdbcClient tx, LocalDate day, int most) {
        return tx.sql(
                        """
                        SELECT %1$s FROM usage_days
                        WHERE used_on < :day
                        ORDER BY %1$s
                        OFFSET :before ROWS FETCH NEXT 1 ROWS ONLY
                        """
                                .formatted(KEY))
                .param("day", day)
                .param("before", most - 1)
                .query((row, _) -> key(row))
                .optional();
    }

    private static Map<String, Object> key(ResultSet row) throws SQLException {
        Map<String, Object> key = new HashMap<>();
        key.put("day", row.getObject("used_on", LocalDate.class));
        key.put("key", row.getLong("key_id"));
        key.put("keyName", Rows.text(row, "key_name"));
        key.put("tenant", Rows.text(row, "tenant"));
        key.put("base", Rows.text(row, "base"));
        key.put("owner", Rows.text(row, "adapter_tenant"));
        key.put("adapter", Rows.text(row, "adapter"));
        key.put("number", row.getInt("number"));
        key.put("digest", Rows.text(row, "digest"));
        return key;
    }

    private static void insert(JdbcClient tx, Map<String, Object> values) {
        tx.sql(
                        """
                        INSERT INTO usage_days
                            (used_on, key_id, key_name, tenant, base, adapter_tenant, adapter,
                            number, digest, requests, errors, prompt_tokens, cached_tokens,
                            completion_tokens, cost_nanos)
                        VALUES (:day, :key, :keyName, :tenant, :base, :owner, :adapter,
                            :number, :digest, :requests, :errors, :prompt, :cached,
                            :completion, :cost)
                        """)
                .params(values)
                .update();
    }

    private static Map<String, Object> values(UsageBatch.Line line) {
        UsageSubject subject = line.subject();
        UsageCounts counts = line.counts();
        Map<String, Object> values = new HashMap<>();
        values.put("day", subject.day());
        values.put("key", subject.payer().key());
        values.put("keyName", subject.payer().name());
        values.put("tenant", subject.payer().tenant());
        Used.Version adapter = subject.used().adapter();
        values.put("base", subject.used().base());
        values.put("owner", adapter == null ? "" : adapter.id().tenant());
        values.put("adapter", adapter == null ? "" : adapter.id().name());
        values.put("number", adapter == null ? 0 : adapter.number());
        values.put("digest", adapter == null ? "" : adapter.digest().toString());
        values.put("requests", counts.requests());
        values.put("errors", counts.errors());
        values.put("prompt", counts.promptTokens());
        values.put("cached", counts.cachedTokens());
        values.put("completion", counts.completionTokens());
        values.put("cost", counts.costNanos());
        return values;
    }
}
