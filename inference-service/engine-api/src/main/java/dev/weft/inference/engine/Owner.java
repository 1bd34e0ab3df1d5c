package dev.weft.inference.engine;

/**
 * The owner of a request, as far as an engine has to know. Both values are opaque.
 *
 * @param tenant the tenant of the request; the engine is shared out among tenants, not among
 *     requests
 * @param prefixes requests reuse each other's computed prefixes only if this is the same, so that
 *     neither {@link GenerationListener#onPrompt} nor timing reveals what others have sent
 */
public record Owner(String tenant, String prefixes) {
    /** The owner of all requests if nobody tells them apart. */
    public static final Owner NOBODY = new Owner("", "");
}
