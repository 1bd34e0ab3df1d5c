package dev.weft.catalog.feed;

import dev.weft.catalog.registry.FeedEvent;

/** What a follower is told, in order, by one thread at a time. Must not block. */
interface FeedListener {
    void event(FeedEvent event);

    /** Nothing new; the line is alive. */
    void heartbeat();

    /** Nothing more will come; the follower should connect again. */
    void end();
}
