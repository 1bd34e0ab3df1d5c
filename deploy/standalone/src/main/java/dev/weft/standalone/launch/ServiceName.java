package dev.weft.standalone.launch;

/** The services. */
enum ServiceName {
    catalog,
    worker,
    gateway;

    /** The key of the deployment file that holds the port. */
    String portKey() {
        return switch (this) {
            case catalog -> "weft.catalog.port";
            case worker -> "weft.inference.port";
            case gateway -> "weft.gateway.port";
        };
    }
}
