package dev.weft.catalog.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said to H2 for each connection arrives there. */
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
                            one(
                                    database,
                                    "SELECT SETTING_VALUE AS answer FROM"
                                            + " INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME ="
                                            + " 'WRITE_DELAY'"))
                    .isEqualTo("0");
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
            assertThat(locked.await(20, TimeUnit.SECONDS)).isTrue();
            String before = position(database);
            Thread second = Thread.ofVirtual().start(() -> database.transaction(tx -> advance(tx)));
            goOn.countDown();
            first.join();
            second.join();
            assertThat(Long.parseLong(position(database))).isEqualTo(Long.parseLong(before) + 2);
        }
    }

    private static long advance(Transaction tx) {
        return tx.update("UPDATE feed_position SET sequence = sequence + 1");
    }

    private static String position(Database database) {
        return one(database, "SELECT sequence AS answer FROM feed_position");
    }

    private static String one(Database database, String sql) {
        return database.transaction(
                tx -> tx.query(sql, row -> String.valueOf(row.get("answer"))).getFirst());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
