/**
 * Adapters: names with their versions, as owners register, look at, share, disable and remove them.
 * Owns table {@code adapters}; says which version follows when one is ready. Each change and its
 * event are one transaction. What aliases do to names it asks of {@link
 * dev.weft.catalog.adapter.Naming}. Handlers run on virtual threads.
 */
@NullMarked
package dev.weft.catalog.adapter;

import org.jspecify.annotations.NullMarked;
