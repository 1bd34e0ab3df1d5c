package dev.weft.protocol.worker;

/** The headers by which a gateway tells a worker what a request is for. */
public final class RequestHeaders {
    /** The digest of the adapter; left out for the base. */
    public static final String ADAPTER = "weft-adapter";

    /** The tenant whose request it is. */
    public static final String TENANT = "weft-tenant";

    private RequestHeaders() {}
}
