/**
 * The change feed. The package owns tables {@code change_events}, {@code feed_position} and {@code
 * feed_entries}. Events get their numbers in the order of commits, without gaps, under the lock of
 * the position. One loop reads the log and hands events to followers without blocking. All names
 * are kept in memory, and a snapshot comes from there.
 */
@NullMarked
package dev.weft.catalog.feed;

import org.jspecify.annotations.NullMarked;
