package dev.weft.gateway.routing.name;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Gives the key by which the version of a chat is chosen. Usually it is the chat's {@link
 * Chat#hash}, so that all gateways choose the same without knowing of each other. If {@link #ALIKE}
 * chats before it began alike, the key is that of its first request, which this gateway remembers
 * for the further ones: so whoever sends one prompt again and again gets all versions. The number
 * of places is fixed. A chat replaces the one in its place, so of chats that begin alike the last
 * one is known. The key of an unknown chat is its hash. Any thread.
 */
final class ChatMemory {
    /** Chats that are known, some 150 bytes each. */
    private static final int PLACES = 1 << 15;

    /**
     * First requests that begin alike and may be of one chat: its client tried again, or had its
     * tokens counted before.
     */
    private static final int ALIKE = 4;

    /**
     * A chat's first request.
     *
     * @param hash of the chat
     * @param request its key, which no other request has
     * @param before chats that began alike, as far as they are known
     */
    private record Known(long hash, String request, int before) {
        String key() {
            return before < ALIKE ? keyOf(hash) : request;
        }
    }

    private final AtomicReferenceArray<@Nullable Known> places = new AtomicReferenceArray<>(PLACES);

    /** The key of a request for a name with several versions. */
    String key(Caller caller) {
        Chat chat = caller.chat();
        if (chat == null) {
            return caller.key();
        }
        Known known = known(chat.hash());
        if (chat.goesOn()) {
            return known == null ? keyOf(chat.hash()) : known.key();
        }
        if (known != null && known.request.equals(caller.key())) {
            return known.key();
        }
        int before = known == null ? 0 : Math.min(ALIKE, known.before + 1);
        Known first = new Known(chat.hash(), caller.key(), before);
        places.set(place(chat.hash()), first);
        return first.key();
    }

    private @Nullable Known known(long hash) {
        Known there = places.get(place(hash));
        return there != null && there.hash == hash ? there : null;
    }

    private static int place(long hash) {
        return (int) ((hash * 0x9e3779b97f4a7c15L) >>> 49);
    }

    private static String keyOf(long hash) {
        return "chat " + hash;
    }
}
