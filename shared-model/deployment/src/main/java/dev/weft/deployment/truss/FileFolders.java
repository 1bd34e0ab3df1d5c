package dev.weft.deployment.truss;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folders and files of a deployment file that its reader opens itself, and that have to be
 * there. Each service of a fleet may run where only its own are mounted.
 */
public enum FileFolders {
    /** All, for a process that starts or shows all services. */
    ALL,
    /** The base, the adapters and those of the catalog's settings, for a catalog. */
    CATALOG,
    /** The base and those of the worker's settings, for a worker. */
    WORKER,
    /** Those that all services open, for a gateway. */
    GATEWAY,
    /** The base and the adapters, for a command that starts no service. */
    REPOSITORIES;

    private static final List<String> TLS = List.of("weft", "tls");
    private static final List<String> OF_CATALOG = List.of("weft", "catalog");
    private static final List<String> OF_WORKER = List.of("weft", "inference");

    /**
     * The folders and files that a service opens if it runs by itself.
     *
     * @param application its name, e.g. {@code weft-gateway}; null if it isn't known
     */
    public static FileFolders of(@Nullable String application) {
        return switch (application) {
            case "weft-gateway" -> GATEWAY;
            case "weft-worker" -> WORKER;
            case "weft-catalog" -> CATALOG;
            case null, default -> ALL;
        };
    }

    public boolean hasBase() {
        return this != GATEWAY;
    }

    public boolean hasAdapters() {
        return switch (this) {
            case ALL, CATALOG, REPOSITORIES -> true;
            case WORKER, GATEWAY -> false;
        };
    }

    /**
     * Whether the folders and files of a section of the settings are opened.
     *
     * @param section its path, e.g. weft, tls
     * @param listed whether another file lists this one: then only what concerns its base counts
     */
    public boolean has(List<String> section, boolean listed) {
        boolean ofWorker = section.equals(OF_WORKER);
        if (listed && !ofWorker) {
            return false;
        }
        return switch (this) {
            case ALL -> true;
            case CATALOG -> section.equals(OF_CATALOG) || section.equals(TLS);
            case WORKER -> ofWorker || section.equals(TLS);
            case GATEWAY -> section.equals(TLS);
            case REPOSITORIES -> false;
        };
    }
}
