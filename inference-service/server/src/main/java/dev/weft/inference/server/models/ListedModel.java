package dev.weft.inference.server.models;

import dev.weft.protocol.adapter.AdapterTask;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A model as lists show it.
 *
 * @param root the source of its weights
 * @param parent name of the base for an adapter, null for the base
 * @param task what an adapter was trained for; null for a base
 */
public record ListedModel(
        String id,
        Instant created,
        String root,
        @Nullable String parent,
        @Nullable AdapterTask task) {}
