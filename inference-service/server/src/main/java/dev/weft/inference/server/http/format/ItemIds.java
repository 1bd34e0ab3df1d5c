package dev.weft.inference.server.http.format;

import java.util.UUID;

/** Ids of parts of answers. */
final class ItemIds {
    private ItemIds() {}

    static String next(String prefix) {
        return prefix + UUID.randomUUID().toString().replace("-", "");
    }
}
