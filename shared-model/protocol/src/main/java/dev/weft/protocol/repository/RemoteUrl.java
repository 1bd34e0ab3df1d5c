package dev.weft.protocol.repository;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Addresses of archives and of folders that a web server lists. */
public final class RemoteUrl {
    /** What a message says is allowed. */
    public static final String ALLOWED =
            "an http or https address of a .tar.gz or of a folder, without a user and a password";

    private RemoteUrl() {}

    /**
     * The address; empty if nothing can be fetched from it. Only an archive may have a query: a
     * folder's files would not get it.
     */
    public static Optional<URI> parse(String text) {
        try {
            URI uri = new URI(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            String path = uri.getPath();
            boolean archive = path != null && path.matches("(?i).*\\.(tar\\.gz|tgz)");
            return web
                            && uri.getHost() != null
                            && uri.getUserInfo() == null
                            && uri.getFragment() == null
                            && (archive || uri.getQuery() == null)
                    ? Optional.of(uri)
                    : Optional.empty();
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }
}
