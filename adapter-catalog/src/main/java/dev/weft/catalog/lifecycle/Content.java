package dev.weft.catalog.lifecycle;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LoraFacts;
import java.time.Instant;

/**
 * What a version turned out to be.
 *
 * @param ready when its artifact was stored and it could be served first
 */
public record Content(AdapterDigest digest, LoraFacts facts, Instant ready) {}
