package dev.weft.catalog.database;

import java.nio.file.Path;

/** Databases of one kind, with tables that are up to date and empty. */
public interface EmptyDatabases {
    /**
     * Makes a database and opens it.
     *
     * @param data the catalog's data folder, a new one for each test
     */
    Database create(Path data) throws Exception;

    /** Opens the database that was made last once more. */
    Database open(Path data);

    /** A query for the number of transactions that wait for a lock. */
    String waiting();
}
