/**
 * Takes a registered version from its source to Ready or Rejected: fetch, check, store. Jobs run on
 * virtual threads, a few at a time, each with a deadline; what a stopped process left under way is
 * taken up again at the next start. Owns a folder of the data folder for each version under way.
 */
@NullMarked
package dev.weft.catalog.ingest;

import org.jspecify.annotations.NullMarked;
