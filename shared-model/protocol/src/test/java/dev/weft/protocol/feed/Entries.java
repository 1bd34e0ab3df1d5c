package dev.weft.protocol.feed;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import java.time.Instant;
import java.util.EnumSet;
import java.util.TreeSet;

final class Entries {
    static final Instant CREATED = Instant.parse("2026-11-24T10:00:00Z");

    private Entries() {}

    /** An entry whose digest is {@code number} in hexadecimal. */
    static CatalogEntry entry(String name, long number) {
        return new CatalogEntry(
                AdapterId.of(name),
                digest(number),
                new LoraFacts(
                        8,
                        16.5,
                        true,
                        new TreeSet<>(EnumSet.of(LinearModule.Q, LinearModule.DOWN)),
                        "BF16",
                        4096),
                "HF:weft/" + name + "@0123",
                CREATED);
    }

    static AdapterDigest digest(long number) {
        return new AdapterDigest("%064x".formatted(number));
    }
}
