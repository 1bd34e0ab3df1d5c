package dev.weft.standalone.adapters.client;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A name and its versions.
 *
 * @param versions newest first
 * @param hint what is wrong with the name; null if nothing is
 */
public record NamedAdapter(String name, List<AdapterVersion> versions, @Nullable String hint) {
    public NamedAdapter {
        versions = List.copyOf(versions);
    }
}
