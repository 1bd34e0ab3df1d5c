package dev.weft.inference.tensorrtllm.adapter;

import dev.weft.protocol.adapter.AdapterDigest;
import java.util.HashMap;
import java.util.Map;

/**
 * The 64-bit numbers that TensorRT-LLM's LoRA cache knows adapters by. A number is never given to a
 * second digest, not even after the first one has left. The first one's weights may still be in
 * that cache, which ignores weights sent under a number that it knows. Any thread.
 */
public final class TaskIds {
    private static final int DIGITS = 16;

    private final Map<Long, AdapterDigest> digests = new HashMap<>();
    private final Map<AdapterDigest, Long> ids = new HashMap<>();

    /**
     * Returns a digest's number: 64 of its bits that are no other digest's number, or the next free
     * number. A digest keeps its number.
     */
    public synchronized long of(AdapterDigest digest) {
        Long known = ids.get(digest);
        if (known != null) {
            return known;
        }
        long id = free(digest);
        ids.put(digest, id);
        digests.put(id, digest);
        return id;
    }

    private long free(AdapterDigest digest) {
        String hex = digest.hex();
        long id = 0;
        for (int from = 0; from + DIGITS <= hex.length(); from += DIGITS) {
            id = Long.parseUnsignedLong(hex, from, from + DIGITS, 16);
            if (isFree(id)) {
                return id;
            }
        }
        while (!isFree(id)) {
            id++;
        }
        return id;
    }

    private boolean isFree(long id) {
        return id != 0 && !digests.containsKey(id);
    }
}
