package dev.weft.protocol.adapter;

import org.jspecify.annotations.Nullable;

/**
 * Why an adapter was refused, or what its owner should know. Fields that do not apply are null.
 *
 * @param code stable, upper snake case, e.g. {@code RANK_OVER_MAXIMUM}
 * @param file file of the adapter's folder
 * @param tensor tensor or key of that file
 * @param found the value there
 * @param allowed the values that are allowed there
 * @param message one sentence for a person that holds all of the above
 */
public record Reason(
        String code,
        @Nullable String file,
        @Nullable String tensor,
        @Nullable String found,
        @Nullable String allowed,
        String message) {}
