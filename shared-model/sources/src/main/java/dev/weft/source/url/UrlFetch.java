package dev.weft.source.url;

import dev.weft.protocol.repository.RemoteUrl;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.settings.secret.Credentials;
import dev.weft.settings.secret.Secret;
import dev.weft.settings.secret.SecretException;
import dev.weft.source.archive.ArchiveFetch;
import dev.weft.source.archive.ArchiveOrigin;
import dev.weft.source.download.Pin;
import dev.weft.source.download.TreeFetch;
import dev.weft.source.fetch.FetchContext;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import dev.weft.source.http.GuardedHttp;
import dev.weft.source.request.Requests;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One fetch from an HTTP address: an archive if the address ends so, else a folder. */
public final class UrlFetch {
    private static final String ADVICE =
            "; bind a secret to it in weft.sources.credentials, or check the address";

    private final FetchContext context;
    private final GuardedHttp http;
    private final Credentials credentials;

    public UrlFetch(FetchContext context, GuardedHttp http, Credentials credentials) {
        this.context = context;
        this.http = http;
        this.credentials = credentials;
    }

    public Fetched run() throws SourceException {
        RepositoryRef ref = context.ref();
        Pin.check(ref);
        URI uri = parse(ref);
        Requests requests =
                new Requests(http, ref, context.attempts(), u -> headers(uri, u), ADVICE);
        String path = uri.getPath().toLowerCase(Locale.ROOT);
        if (path.endsWith(".tar.gz") || path.endsWith(".tgz")) {
            return new ArchiveFetch(context, new ArchiveOrigin(ref, uri, requests)).run();
        }
        URI folder = path.endsWith("/") ? uri : URI.create(uri + "/");
        return new TreeFetch(context, new UrlOrigin(ref, folder, requests, context.selection()))
                .run();
    }

    private static URI parse(RepositoryRef ref) throws SourceException {
        URI uri =
                RemoteUrl.parse(ref.repo())
                        .orElseThrow(() ->
                                new SourceException(
                                        SourceFault.NOT_ALLOWED,
                                        ref + ": repo is allowed as " + RemoteUrl.ALLOWED));
        return uri.getRawPath().isEmpty() ? uri.resolve("/") : uri;
    }

    /** A secret goes to the host it is bound to, and only if the repository named that host. */
    private Map<String, String> headers(URI asked, URI uri) throws SourceException {
        String place = Credentials.place(uri);
        Optional<Secret> secret =
                place.equals(Credentials.place(asked)) ? credentials.at(place) : Optional.empty();
        if (secret.isEmpty()) {
            return Map.of();
        }
        try {
            return Map.of("Authorization", "Bearer " + secret.get().token());
        } catch (SecretException e) {
            throw new SourceException(
                    SourceFault.UNAUTHORIZED, context.ref() + ": " + e.getMessage(), e);
        }
    }
}
