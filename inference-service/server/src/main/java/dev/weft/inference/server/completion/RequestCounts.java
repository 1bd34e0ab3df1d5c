package dev.weft.inference.server.completion;

/**
 * How many choices of requests wait, and how many hold a row.
 *
 * @param waiting choices that have no row yet
 * @param running choices that hold a row, by tenant
 */
public record RequestCounts(WaitingRequests waiting, TenantCounts running) {
    /** Nothing has come yet. */
    public RequestCounts() {
        this(new WaitingRequests(), new TenantCounts());
    }
}
