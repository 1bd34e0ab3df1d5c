package dev.weft.inference.server.residency;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.adapter.Audience;
import dev.weft.protocol.adapter.LinearModule;
import dev.weft.protocol.adapter.LoraFacts;
import dev.weft.protocol.feed.CatalogBase;
import dev.weft.protocol.feed.CatalogEntry;
import dev.weft.protocol.feed.CatalogEvent;
import dev.weft.protocol.feed.ServedVersion;
import dev.weft.protocol.feed.Share;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A catalog of two bases, {@code qwen} and {@code llama}, with an adapter each. */
public final class SomeBases {
    private static final LoraFacts FACTS =
            new LoraFacts(8, 16, false, new TreeSet<>(Set.of(LinearModule.Q)), "BF16", 4096);

    private SomeBases() {}

    /** What it tells first. */
    public static CatalogEvent snapshot(AdapterDigest ofQwen, AdapterDigest ofLlama) {
        return new CatalogEvent.Snapshot(
                1,
                List.of(
                        new CatalogBase(3, "qwen", "HF:org/qwen"),
                        new CatalogBase(5, "llama", "HF:org/llama")),
                List.of(entry("q", ofQwen, 3), entry("l", ofLlama, 5)),
                Set.of());
    }

    private static CatalogEntry entry(String name, AdapterDigest digest, long base) {
        AdapterId id = AdapterId.of(name);
        ServedVersion version =
                new ServedVersion(id, 1, digest, FACTS, "FILE:" + name, Instant.EPOCH, base);
        return new CatalogEntry(id, List.of(new Share(version, 1)), Audience.NOBODY);
    }
}
