/**
 * R2DBC behind an imperative face: a transaction is a function that runs statements one after the
 * other. The only place that knows how H2 and PostgreSQL are opened and migrated, and the only one
 * of the core that touches Reactor. Each transaction runs on a virtual thread of its own that
 * nobody interrupts.
 */
@NullMarked
package dev.weft.catalog.database;

import org.jspecify.annotations.NullMarked;
