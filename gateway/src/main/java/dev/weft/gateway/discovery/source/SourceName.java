package dev.weft.gateway.discovery.source;

import java.util.Locale;

/** The sources; if two spell an address differently, the first one counts. */
public enum SourceName {
    /** The deployment file's {@code weft.gateway.workers}. */
    FIXED,
    /** Addresses that DNS has for a host. */
    DNS,
    /** SRV records of DNS. */
    SRV,
    /** EndpointSlices of a Service of Kubernetes. */
    KUBERNETES,
    /** Workers that report to the catalog. */
    CATALOG;

    /** The name in metrics, health and the log. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
