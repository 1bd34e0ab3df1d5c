package dev.weft.catalog.rollout.shadow;

import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.Databases;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class H2ShadowsTest extends ShadowsContractTest {
    @TempDir private Path data;

    /** Prepares nothing, since each test has its own folder. */
    @Override
    void prepare() {}

    @Override
    Database open() {
        return Databases.open(null, data);
    }
}
