package dev.weft.catalog.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Checks that the settings for each connection reach H2. */
class H2SessionTest {
    @TempDir private Path data;

    @Test
    void aTransactionWaitsTenSecondsForALock() {
        try (Database database = Databases.open(null, data)) {
            assertThat(one(database, "SELECT LOCK_TIMEOUT() AS answer")).isEqualTo("10000");
        }
    }

    @Test
    void whatIsCommittedIsInTheFile() {
        try (Database database = Databases.open(null, data)) {
            assertThat(
                            all(
                                    database,
                                    """
                                    SELECT setting_value AS answer FROM information_schema.settings
                                    WHERE setting_name = 'WRITE_DELAY'
                                    """))
                    .isNotEmpty()
                    .containsOnly("0");
        }
    }

    @Test
    void writersOfOneRowWaitForEachOther() throws Exception {
        try (Database database = Databases.open(null, data)) {
            CountDownLatch locked = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            Thread first =
                    Thread.ofVirtual()
                            .start(() ->
                                    database.transaction(tx -> {
                                        advance(tx);
                                        locked.countDown();
                                        await(goOn);
                                        return 1;
                                    }));
            assertThat(locked.await(60, TimeUnit.SECONDS)).isTrue();
            String before = position(database);
            Thread second = Thread.ofVirtual().start(() -> database.transaction(tx -> advance(tx)));
            goOn.countDown();
            first.join();
            second.join();
            assertThat(Long.parseLong(position(database))).isEqualTo(Long.parseLong(before) + 2);
        }
    }

    private static int advance(JdbcClient tx) {
        return tx.sql("UPDATE feed_position SET sequence = sequence + 1").update();
    }

    private static String position(Database database) {
        return one(database, "SELECT sequence AS answer FROM feed_position");
    }

    private static String one(Database database, String sql) {
        return all(database, sql).getFirst();
    }

    private static List<String> all(Database database, String sql) {
        return database.transaction(
                tx -> tx.sql(sql).query((row, _) -> row.getString("answer")).list());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
