package dev.weft.standalone.adapters;

import java.util.List;

/**
 * A name and its versions.
 *
 * @param versions newest first
 */
public record NamedAdapter(String name, List<AdapterVersion> versions) {
    public NamedAdapter {
        versions = List.copyOf(versions);
    }
}
