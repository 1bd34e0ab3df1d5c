/**
 * The catalog's database: H2 in a file, or a PostgreSQL elsewhere, opened with HikariCP, migrated
 * by Flyway as Spring Boot runs it, and asked through Spring's {@code JdbcClient}. The only package
 * that knows how the two databases differ. Each transaction runs on a virtual thread of its own
 * that nobody interrupts.
 */
@NullMarked
package dev.weft.catalog.database;

import org.jspecify.annotations.NullMarked;
