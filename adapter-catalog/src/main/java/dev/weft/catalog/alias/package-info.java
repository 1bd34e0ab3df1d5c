/**
 * Aliases: names that lead to versions by weight. The package owns tables {@code aliases}, {@code
 * alias_targets} and {@code alias_revisions}. It tells the feed what a name leads to, within the
 * transaction that changed it. Handlers run on virtual threads.
 */
@NullMarked
package dev.weft.catalog.alias;

import org.jspecify.annotations.NullMarked;
