/**
 * Counts what keys, tenants and adapters use, and hands the counts to the catalog, each once. The
 * package owns the journal in the gateway's data folder, which keeps what the catalog has not taken
 * yet. Counting runs on event-loop threads and never blocks; one loop talks to the catalog.
 */
@NullMarked
package dev.weft.gateway.usage;

import org.jspecify.annotations.NullMarked;
