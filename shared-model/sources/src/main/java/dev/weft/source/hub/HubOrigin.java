package dev.weft.source.hub;

import dev.weft.protocol.repository.HubName;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.settings.secret.Secret;
import dev.weft.settings.secret.SecretException;
import dev.weft.source.download.FileOrigin;
import dev.weft.source.download.Listing;
import dev.weft.source.download.PartFile;
import dev.weft.source.download.RemoteBody;
import dev.weft.source.download.RemoteFile;
import dev.weft.source.fetch.FetchAttempts;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import dev.weft.source.http.GuardedHttp;
import dev.weft.source.http.HttpAnswer;
import dev.weft.source.request.FileHeaders;
import dev.weft.source.request.HttpBody;
import dev.weft.source.request.Requests;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A repository of a Hugging Face hub: revision to commit, commit to files. The token goes to the
 * hub's own scheme, host and port only.
 */
public final class HubOrigin implements FileOrigin {
    private static final Pattern COMMIT = Pattern.compile("[0-9a-fA-F]{40}");
    private static final String DEFAULT_REVISION = "main";

    private final URI hub;
    private final RepositoryRef ref;
    private final Requests requests;
    private final @Nullable Secret token;
    private final String revision;

    public HubOrigin(
            URI hub,
            Optional<Secret> token,
            GuardedHttp http,
            RepositoryRef ref,
            FetchAttempts attempts)
            throws SourceException {
        if (!HubName.fits(ref.repo())) {
            throw new SourceException(
                    SourceFault.NOT_ALLOWED, ref + ": repo is allowed as " + HubName.ALLOWED);
        }
        this.hub = hub;
        this.ref = ref;
        this.token = token.orElse(null);
        this.requests = new Requests(http, ref, attempts, this::headers, advice(token));
        String asked = ref.revision();
        this.revision = asked == null || asked.isBlank() ? DEFAULT_REVISION : asked;
    }

    private static String advice(Optional<Secret> token) {
        return token.isEmpty()
                ? "; if it is private or gated, set HF_TOKEN; if not, check its name"
                : "; " + token.get() + " gives no access: ask for it on the hub, or check the name";
    }

    @Override
    public String address() {
        return hub.toString();
    }

    @Override
    public Optional<String> pinned() {
        return COMMIT.matcher(revision).matches()
                ? Optional.of(revision.toLowerCase(Locale.ROOT))
                : Optional.empty();
    }

    @Override
    public Listing list() throws IOException, SourceException {
        String path = "/api/models/" + ref.repo() + "/revision/" + encode(revision);
        try (HttpAnswer answer = requests.get(URI.create(hub + path), Map.of(), _ -> {})) {
            Listing listing = HubListing.read(answer.body());
            if (pinned().isPresent() && !listing.commit().equalsIgnoreCase(revision)) {
                throw new SourceException(
                        SourceFault.CORRUPT,
                        ref + ": the hub answers with commit " + listing.commit());
            }
            return listing;
        }
    }

    @Override
    public RemoteBody open(Listing listing, String name, long from, PartFile part)
            throws IOException, SourceException {
        String path =
                Arrays.stream(name.split("/"))
                        .map(HubOrigin::encode)
                        .collect(Collectors.joining("/"));
        URI uri =
                URI.create(
                        hub
                                + "/"
                                + ref.repo()
                                + "/resolve/"
                                + encode(listing.commit())
                                + "/"
                                + path);
        Map<String, String> range = from > 0 ? Map.of("Range", "bytes=" + from + "-") : Map.of();
        AtomicReference<RemoteFile> file = new AtomicReference<>(RemoteFile.UNKNOWN);
        HttpAnswer answer =
                requests.get(uri, range, a -> file.updateAndGet(f -> f.or(FileHeaders.ofHub(a))));
        return new HttpBody(
                file.get().or(new RemoteFile("", FileHeaders.size(answer), null)), answer);
    }

    private Map<String, String> headers(URI uri) throws SourceException {
        boolean own =
                hub.getScheme().equals(uri.getScheme())
                        && hub.getHost().equalsIgnoreCase(uri.getHost())
                        && port(hub) == port(uri);
        if (token == null || !own) {
            return Map.of();
        }
        try {
            return Map.of("Authorization", "Bearer " + token.token());
        } catch (SecretException e) {
            throw new SourceException(SourceFault.UNAUTHORIZED, ref + ": " + e.getMessage(), e);
        }
    }

    private static int port(URI uri) {
        return uri.getPort() >= 0 ? uri.getPort() : "https".equals(uri.getScheme()) ? 443 : 80;
    }

    private static String encode(String segment) {
        return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
