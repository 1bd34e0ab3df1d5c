package dev.weft.catalog.database;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the database is.
 *
 * @param url of a PostgreSQL, as the deployment file names it; null for H2 in a file of {@code
 *     data}
 */
public record DatabaseSettings(@Nullable String url, Path data) {

    /** Says nothing of the address, which holds a password. */
    @Override
    public String toString() {
        return url == null ? "H2 in " + data : "PostgreSQL";
    }
}
