package dev.weft.service;

/**
 * The base model that a deployment serves.
 *
 * @param name by which clients call it
 */
public record ServedBase(String name) {
    public ServedBase {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the served name of the base is empty");
        }
    }
}
