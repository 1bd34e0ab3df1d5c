package dev.weft.catalog.database;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Lets one transaction after the other take a new name. Adapters, aliases and bases are in
 * different tables, so no constraint keeps two of them from having the same name.
 */
public final class NewNames {
    private NewNames() {}

    /**
     * Waits for other transactions that take new names, and makes later ones wait until this one
     * ends. Statements that follow see the names that the others have taken. A transaction takes
     * this lock before any other, so that none waits here for one that waits for it.
     */
    public static void lock(JdbcClient tx) {
        tx.sql("SELECT id FROM new_names WHERE id = 1 FOR UPDATE").query(Integer.class).single();
    }
}
