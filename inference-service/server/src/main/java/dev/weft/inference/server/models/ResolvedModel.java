package dev.weft.inference.server.models;

import dev.weft.protocol.adapter.AdapterDigest;
import org.jspecify.annotations.Nullable;

/**
 * What a request's {@code model} stands for.
 *
 * @param name as the client wrote it; answers carry it
 * @param adapter null for the base
 */
public record ResolvedModel(String name, @Nullable AdapterDigest adapter) {}
