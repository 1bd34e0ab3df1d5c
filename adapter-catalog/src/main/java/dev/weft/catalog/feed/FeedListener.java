package dev.weft.catalog.feed;

/** What a follower is told, in order, by one thread at a time. Must not block. */
interface FeedListener {
    void say(FeedMessage message);

    /** Nothing more will come; the follower should connect again. */
    void end();
}
