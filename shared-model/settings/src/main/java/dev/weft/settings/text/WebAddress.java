package dev.weft.settings.text;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Addresses of HTTP services, without a path's last slashes. An IPv6 address may lack its brackets,
 * as a pod's address does if Kubernetes puts it into a variable.
 */
public final class WebAddress {
    /** The description of such an address. */
    public static final String ALLOWED = "an address like http://127.0.0.1:8081";

    private static final Pattern BARE_IPV6 =
            Pattern.compile("(https?://)([0-9A-Fa-f]*:[0-9A-Fa-f.:]*):(\\d{1,5}/*)");

    private WebAddress() {}

    /**
     * Reads an address.
     *
     * @throws NotAllowedException if the text is not such an address
     */
    public static URI parse(String text) {
        try {
            Matcher bare = BARE_IPV6.matcher(text);
            String whole = bare.matches() ? bare.replaceFirst("$1[$2]:$3") : text;
            var uri = new URI(whole.endsWith("/") ? whole.replaceAll("/+$", "") : whole);
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
