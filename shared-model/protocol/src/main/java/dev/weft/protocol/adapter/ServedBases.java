package dev.weft.protocol.adapter;

import java.util.List;

/**
 * The base models that deployment files give a gateway.
 *
 * @param names by which clients call them; at least one, all different
 */
public record ServedBases(List<String> names) {
    public ServedBases {
        names = List.copyOf(names);
        if (names.isEmpty() || names.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("the served name of the base is empty");
        }
    }

    /** One base. */
    public static ServedBases of(String name) {
        return new ServedBases(List.of(name));
    }

    public String first() {
        return names.getFirst();
    }
}
