package dev.weft.service;

import dev.weft.service.settings.AddressSettings;

/** The services. */
public enum ServiceName {
    catalog("weft.catalog.port"),
    worker("weft.inference.port"),
    gateway("weft.gateway.port");

    private final String portKey;

    ServiceName(String portKey) {
        this.portKey = portKey;
    }

    /** The key of the deployment file that holds the port. */
    public String portKey() {
        return portKey;
    }

    /** The name of the Spring application, e.g. {@code weft-gateway}. */
    public String application() {
        return "weft-" + name();
    }

    AddressSettings.Ports ports(AddressSettings addresses) {
        return switch (this) {
            case catalog -> addresses.catalog();
            case worker -> addresses.inference();
            case gateway -> addresses.gateway();
        };
    }

    /**
     * True if other services call it, and may show certificates. A gateway asks for none, since a
     * browser would have its user choose one.
     */
    boolean isForServices() {
        return this != gateway;
    }
}
