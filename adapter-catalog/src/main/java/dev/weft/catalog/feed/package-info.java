/**
 * The change feed: a snapshot, then every event in order, over server-sent events. One virtual
 * thread reads the log; each follower has a queue of its own, and one that can't keep up is let go
 * so that it resumes.
 */
@NullMarked
package dev.weft.catalog.feed;

import org.jspecify.annotations.NullMarked;
