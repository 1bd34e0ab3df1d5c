package dev.weft.gateway.routing;

/**
 * The base model of this deployment.
 *
 * @param name what clients call it
 */
public record ServedBase(String name) {
    public ServedBase {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the served name of the base is empty");
        }
    }
}
