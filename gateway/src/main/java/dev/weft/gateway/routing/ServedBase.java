package dev.weft.gateway.routing;

/**
 * The base model of this deployment.
 *
 * @param name its name for clients
 */
public record ServedBase(String name) {
    public ServedBase {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the served name of the base is empty");
        }
    }
}
