/**
 * Adapters: names with their versions, which owners register, look at, share, disable and remove.
 * The package owns table {@code adapters}, and decides which version follows when one is ready.
 * Each change and its event are one transaction. {@link dev.weft.catalog.adapter.Naming} tells it
 * what aliases do to names. Handlers run on virtual threads.
 */
@NullMarked
package dev.weft.catalog.adapter;

import org.jspecify.annotations.NullMarked;
