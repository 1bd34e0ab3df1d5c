/**
 * Fetches repositories, a few at once from each hub, bucket or host. A fetch is retried while a
 * source is unavailable, but never beyond its deadline. The package decides which folders FILE
 * sources may lie in. It owns the base's config.json in the data folder, and runs on the threads of
 * the waiting ingests.
 */
@NullMarked
package dev.weft.catalog.fetch;

import org.jspecify.annotations.NullMarked;
