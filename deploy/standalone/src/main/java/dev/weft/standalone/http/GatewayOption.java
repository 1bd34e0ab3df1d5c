package dev.weft.standalone.http;

/** The option for the gateway. Each command describes it in its own words. */
public final class GatewayOption {
    public static final String NAME = "--gateway";

    public static final String USUAL = "http://127.0.0.1:8080";

    private GatewayOption() {}
}
