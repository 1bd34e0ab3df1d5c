/**
 * Brings repositories here: one lane for each hub, bucket or host, again and again while a source
 * is away, never beyond a deadline. Says which folders FILE sources may lie in. Owns the base's
 * config.json in the data folder. Runs on the threads of the ingest that waits.
 */
@NullMarked
package dev.weft.catalog.fetch;

import org.jspecify.annotations.NullMarked;
