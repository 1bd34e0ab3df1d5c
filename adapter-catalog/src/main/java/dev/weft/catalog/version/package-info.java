/**
 * Registrations of adapters and their outcomes. The package owns the rows of table {@code versions}
 * except their claims, and the number of versions in each state, which a loop counts. It knows the
 * progress of this process's fetches. Calls block. Safe for any thread.
 */
@NullMarked
package dev.weft.catalog.version;

import org.jspecify.annotations.NullMarked;
