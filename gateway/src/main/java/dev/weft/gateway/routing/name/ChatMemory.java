package dev.weft.gateway.routing.name;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Remembers by which key the version of a chat's first request was chosen, so that its further ones
 * get the same. It has a fixed number of places; what falls on a taken one replaces what was there,
 * so of chats that begin alike the last one is known. A chat that is not known (another gateway had
 * its first request) is chosen by its first message from then on, at each gateway. Any thread.
 */
final class ChatMemory {
    /** Chats that are known, some 150 bytes each. */
    private static final int PLACES = 1 << 15;

    private record Known(long hash, String key) {}

    private final AtomicReferenceArray<@Nullable Known> places = new AtomicReferenceArray<>(PLACES);

    /** The key of a request for a name with several versions. */
    String key(Caller caller) {
        Chat chat = caller.chat();
        if (chat == null) {
            return caller.key();
        }
        int place = (int) ((chat.hash() * 0x9e3779b97f4a7c15L) >>> 49);
        if (!chat.goesOn()) {
            places.set(place, new Known(chat.hash(), caller.key()));
            return caller.key();
        }
        Known known = places.get(place);
        return known != null && known.hash == chat.hash() ? known.key : "chat " + chat.hash();
    }
}
