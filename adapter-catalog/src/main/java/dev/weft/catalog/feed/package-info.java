/**
 * The change feed. Owns tables {@code change_events}, {@code feed_position} and {@code
 * feed_entries}: events get their numbers in the order of commits, without gaps, under the lock of
 * the position. One loop reads the log and hands events to followers without blocking; all names
 * are kept in memory, and a snapshot comes from there.
 */
@NullMarked
package dev.weft.catalog.feed;

import org.jspecify.annotations.NullMarked;
