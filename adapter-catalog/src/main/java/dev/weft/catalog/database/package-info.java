/**
 * The catalog's database: H2 in a file, or a PostgreSQL server. HikariCP opens it, Flyway migrates
 * it as Spring Boot runs it, and Spring's {@code JdbcClient} queries it. Only this package knows
 * how the two databases differ. Each transaction runs on its own virtual thread, which nobody
 * interrupts.
 */
@NullMarked
package dev.weft.catalog.database;

import org.jspecify.annotations.NullMarked;
