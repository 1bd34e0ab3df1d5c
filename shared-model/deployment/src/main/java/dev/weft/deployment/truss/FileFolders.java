package dev.weft.deployment.truss;

import org.jspecify.annotations.Nullable;

/**
 * The folders of a deployment file that its reader opens itself, and that have to be there. Each
 * service of a fleet may run where only its own are mounted.
 */
public enum FileFolders {
    /** The base, the adapters and those of the catalog's settings: of a catalog. */
    ALL,
    /** The base: of a worker. */
    BASE,
    /** Of a gateway. */
    NONE;

    /**
     * Those of a service that runs by itself.
     *
     * @param application its name, e.g. {@code weft-gateway}; null if it isn't known
     */
    public static FileFolders of(@Nullable String application) {
        return switch (application) {
            case "weft-gateway" -> NONE;
            case "weft-worker" -> BASE;
            case null, default -> ALL;
        };
    }

    public boolean hasBase() {
        return this != NONE;
    }

    public boolean hasAdapters() {
        return this == ALL;
    }
}
