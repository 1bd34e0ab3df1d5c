package dev.weft.catalog.database;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The place of the database.
 *
 * @param url address of a PostgreSQL, as in the deployment file; null for H2 in a file of {@code
 *     data}
 */
record DatabaseSettings(@Nullable String url, Path data) {

    /** The settings without the address, which holds a password. */
    @Override
    public String toString() {
        return url == null ? "H2 in " + data : "PostgreSQL";
    }
}
