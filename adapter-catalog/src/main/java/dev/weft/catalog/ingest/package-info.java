/**
 * Takes a registered version from its source to Ready or Rejected: fetch, check, store. Jobs run on
 * virtual threads, a few at a time, each with a deadline; checks, norms and conversions, which
 * compute for seconds, on a few platform threads. What fetches, copies, unpacks or stores reads and
 * writes in chunks, and stays on virtual threads. The next start resumes the versions that a
 * stopped process left unfinished. The package owns a folder of the data folder for each unfinished
 * version.
 */
@NullMarked
package dev.weft.catalog.ingest;

import org.jspecify.annotations.NullMarked;
