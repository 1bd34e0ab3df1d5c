package dev.weft.catalog.feed;

/** Gets a follower's messages, in order, from one thread at a time. It must not block. */
interface FeedListener {
    void say(FeedMessage message);

    /** Ends the messages; the follower should connect again. */
    void end();
}
