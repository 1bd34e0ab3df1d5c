package dev.weft.settings.text;

import java.net.URI;
import java.net.URISyntaxException;

/** Addresses of HTTP services, without a path's last slashes. */
public final class WebAddress {
    /** The description of such an address. */
    public static final String ALLOWED = "an address like http://127.0.0.1:8081";

    private WebAddress() {}

    /**
     * Reads an address.
     *
     * @throws NotAllowedException if the text is not such an address
     */
    public static URI parse(String text) {
        try {
            var uri = new URI(text.endsWith("/") ? text.replaceAll("/+$", "") : text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getQuery() == null) {
                return uri;
            }
        } catch (URISyntaxException _) {
            throw new NotAllowedException(text, ALLOWED);
        }
        throw new NotAllowedException(text, ALLOWED);
    }
}
