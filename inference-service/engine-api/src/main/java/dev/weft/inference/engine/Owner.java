package dev.weft.inference.engine;

/**
 * Whose a request is, as far as an engine has to know. Both are opaque.
 *
 * @param tenant the engine is shared out among tenants, not among requests
 * @param prefixes a request uses what was computed for others only where this is the same, so that
 *     neither {@link GenerationListener#onPrompt} nor time tells it what those have sent
 */
public record Owner(String tenant, String prefixes) {
    /** Where nobody tells requests apart. */
    public static final Owner NOBODY = new Owner("", "");
}
