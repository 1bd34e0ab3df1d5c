/**
 * Aliases: names that lead to versions by weight. Owns tables {@code aliases}, {@code
 * alias_targets} and {@code alias_revisions}. Tells the feed what a name leads to, within the
 * transaction that changed it. Handlers run on virtual threads.
 */
@NullMarked
package dev.weft.catalog.alias;

import org.jspecify.annotations.NullMarked;
