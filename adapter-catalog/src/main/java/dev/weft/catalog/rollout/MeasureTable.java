package dev.weft.catalog.rollout;

import dev.weft.catalog.database.Rows;
import dev.weft.catalog.evidence.Observations;
import dev.weft.catalog.rollout.judge.Measures;
import dev.weft.protocol.measure.Measured;
import dev.weft.protocol.measure.TimesCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The statements on {@code rollout_measures} and {@code rollout_batches}. A change of a row needs
 * the lock on its rollout's row.
 */
final class MeasureTable {
    private MeasureTable() {}

    /** Makes the rows of a step, in which nothing is measured yet. */
    static void open(JdbcClient tx, long rollout, int step) {
        for (boolean candidate : new boolean[] {false, true}) {
            tx.sql(
                            """
                            INSERT INTO rollout_measures (rollout_id, step, candidate, requests,
                                failures, first_token, per_token, scores, score_sum)
                            VALUES (:rollout, :step, :candidate, 0, 0, '{}', '{}', 0, 0)
                            """)
                    .param("rollout", rollout)
                    .param("step", step)
                    .param("candidate", candidate)
                    .update();
        }
    }

    static Measures read(JdbcClient tx, Rollout rollout) {
        return new Measures(read(tx, rollout, false), read(tx, rollout, true));
    }

    /** Adds what gateways have measured. */
    static void add(JdbcClient tx, Rollout rollout, boolean candidate, Measured measured) {
        Measured sum = read(tx, rollout, candidate).measured().plus(measured);
        tx.sql(
                        """
                        UPDATE rollout_measures SET requests = :requests, failures = :failures,
                            first_token = :first, per_token = :per
                        WHERE rollout_id = :rollout AND step = :step AND candidate = :candidate
                        """)
                .param("requests", sum.requests())
                .param("failures", sum.failures())
                .param("first", TimesCodec.encode(sum.firstToken()))
                .param("per", TimesCodec.encode(sum.perToken()))
                .param("rollout", rollout.id())
                .param("step", rollout.progress().step())
                .param("candidate", candidate)
                .update();
    }

    /** Adds what a judge says. */
    static void add(JdbcClient tx, Rollout rollout, boolean candidate, Observations scores) {
        tx.sql(
                        """
                        UPDATE rollout_measures SET scores = scores + :count,
                            score_sum = score_sum + :sum
                        WHERE rollout_id = :rollout AND step = :step AND candidate = :candidate
                        """)
                .param("count", scores.count())
                .param("sum", scores.sum())
                .param("rollout", rollout.id())
                .param("step", rollout.progress().step())
                .param("candidate", candidate)
                .update();
    }

    /** True if scores of that id were added in any step. */
    static boolean isTaken(JdbcClient tx, Rollout rollout, String batch) {
        return tx.sql(
                        """
                        SELECT batch FROM rollout_batches
                        WHERE rollout_id = :rollout AND batch = :batch
                        """)
                .param("rollout", rollout.id())
                .param("batch", batch)
                .query((row, _) -> Rows.text(row, "batch"))
                .optional()
                .isPresent();
    }

    /** Notes that scores of that id are added. */
    static void take(JdbcClient tx, Rollout rollout, String batch) {
        tx.sql("INSERT INTO rollout_batches (rollout_id, batch) VALUES (:rollout, :batch)")
                .param("rollout", rollout.id())
                .param("batch", batch)
                .update();
    }

    /** Forgets ids of scores; none are taken once a rollout has ended. */
    static void forgetBatches(JdbcClient tx, long rollout) {
        tx.sql("DELETE FROM rollout_batches WHERE rollout_id = :rollout")
                .param("rollout", rollout)
                .update();
    }

    private static Measures.Of read(JdbcClient tx, Rollout rollout, boolean candidate) {
        return tx.sql(
                        """
                        SELECT requests, failures, first_token, per_token, scores, score_sum
                        FROM rollout_measures
                        WHERE rollout_id = :rollout AND step = :step AND candidate = :candidate
                        """)
                .param("rollout", rollout.id())
                .param("step", rollout.progress().step())
                .param("candidate", candidate)
                .query(MeasureTable::read)
                .optional()
                .orElse(Measures.Of.NOTHING);
    }

    private static Measures.Of read(ResultSet row, int place) throws SQLException {
        long scores = row.getLong("scores");
        return new Measures.Of(
                new Measured(
                        row.getLong("requests"),
                        row.getLong("failures"),
                        TimesCodec.read(Rows.text(row, "first_token")),
                        TimesCodec.read(Rows.text(row, "per_token"))),
                // rounding may make the sum slightly larger than the number of scores
                new Observations(Math.min((double) scores, row.getDouble("score_sum")), scores));
    }
}
