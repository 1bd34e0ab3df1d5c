package dev.weft.catalog.lifecycle;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.LoraFacts;
import java.time.Instant;

/**
 * The content of a version.
 *
 * @param ready when its artifact was stored and it could first be served
 */
public record Content(AdapterDigest digest, LoraFacts facts, Instant ready) {}
