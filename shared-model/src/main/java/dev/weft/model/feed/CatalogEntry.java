package dev.weft.model.feed;

import dev.weft.model.adapter.AdapterDigest;
import dev.weft.model.adapter.AdapterId;
import dev.weft.model.lora.LoraFacts;
import java.time.Instant;

/**
 * One name that clients may use, and the version it stands for.
 *
 * @param root where the version came from, e.g. {@code HF:owner/name}
 * @param created when the version became ready
 */
public record CatalogEntry(
        AdapterId id, AdapterDigest digest, LoraFacts facts, String root, Instant created) {}
