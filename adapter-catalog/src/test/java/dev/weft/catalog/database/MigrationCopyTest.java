package dev.weft.catalog.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the next start of a process that ended while it brought H2 up to date. */
class MigrationCopyTest {
    @TempDir private Path data;

    private static void execute(Connection connection, String sql) throws Exception {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Connection connect() throws Exception {
        DatabaseAddress address = DatabaseAddress.h2(data);
        return DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
    }

    private boolean hasCopy() {
        return Files.exists(data.resolve("catalog.before-migration.zip"));
    }

    @Test
    void aFirstMigrationThatDidNotEndBeginsAnew() throws Exception {
        try (Connection half = connect()) {
            new MigrationCopy(data).take(half, true);
            execute(half, "CREATE TABLE adapters (id BIGINT)");
        }
        Databases.openFresh(null, data).close();
        assertThat(hasCopy()).isFalse();
        Databases.openFresh(null, data).close();
    }

    @Test
    void aLaterOneBeginsWithWhatWasThereBefore() throws Exception {
        Databases.openFresh(null, data).close();
        try (Connection half = connect()) {
            execute(half, "CREATE TABLE kept (word VARCHAR(10))");
            execute(half, "INSERT INTO kept VALUES ('before')");
            new MigrationCopy(data).take(half, false);
            execute(half, "DROP TABLE kept");
            execute(half, "ALTER TABLE adapters ADD COLUMN half BIGINT");
        }
        try (Database restored = Databases.openFresh(null, data)) {
            String word =
                    restored.transaction(
                            tx -> tx.sql("SELECT word FROM kept").query(String.class).single());
            assertThat(word).isEqualTo("before");
        }
        assertThat(hasCopy()).isFalse();
    }

    @Test
    void aDatabaseThatIsOpenIsLeftAlone() throws Exception {
        Databases.openFresh(null, data).close();
        try (Connection open = connect()) {
            var copy = new MigrationCopy(data);
            copy.take(open, false);
            execute(open, "CREATE TABLE added (id BIGINT)");
            copy.restore();
            assertThat(hasCopy()).isTrue();
            execute(open, "INSERT INTO added VALUES (1)");
        }
    }
}
