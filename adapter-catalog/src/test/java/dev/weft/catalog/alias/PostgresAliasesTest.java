package dev.weft.catalog.alias;

import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.PostgresDatabases;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests aliases on a real PostgreSQL, with a separate database for each test. */
class PostgresAliasesTest extends AliasesContractTest {
    @RegisterExtension private static final PostgresDatabases POSTGRES = new PostgresDatabases();

    @TempDir private Path data;

    @Override
    void prepare() throws Exception {
        POSTGRES.create();
    }

    @Override
    Database open() {
        return POSTGRES.open(data);
    }
}
