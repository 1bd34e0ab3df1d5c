package dev.weft.catalog.adapter;

import java.util.List;

/**
 * A part of the list of adapters.
 *
 * @param items in order of their names
 * @param more whether there are adapters after the last of these
 */
public record AdapterPage(List<Adapter> items, boolean more) {
    public AdapterPage {
        items = List.copyOf(items);
    }
}
