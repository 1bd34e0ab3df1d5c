package dev.weft.inference.server.models;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A model as lists show it.
 *
 * @param root the source of its weights
 * @param parent name of the base for an adapter, null for the base
 */
public record ListedModel(String id, Instant created, String root, @Nullable String parent) {}
