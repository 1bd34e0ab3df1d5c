package dev.weft.protocol.feed;

/**
 * A base model whose adapters the catalog has.
 *
 * @param id stays the same if the base is renamed; 1 or more
 * @param name by which clients call it, and by which workers say what they serve
 * @param root its source, e.g. {@code HF:owner/name@revision}
 */
public record CatalogBase(long id, String name, String root) {
    public CatalogBase {
        if (id < 1) {
            throw new IllegalArgumentException("base " + id + ": allowed is 1 or more");
        }
        if (name.isBlank()) {
            throw new IllegalArgumentException("base " + id + " has no name");
        }
    }
}
