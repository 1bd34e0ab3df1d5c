package dev.weft.source.url;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.source.download.FileOrigin;
import dev.weft.source.download.Listing;
import dev.weft.source.download.PartFile;
import dev.weft.source.download.Pin;
import dev.weft.source.download.RemoteBody;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.http.HttpAnswer;
import dev.weft.source.request.FileHeaders;
import dev.weft.source.request.Requests;
import dev.weft.source.request.UrlFiles;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * A folder at an HTTP address, listed by its server. Its content is named by a hash over the wanted
 * files' names, sizes and ETags. If a server gives neither ETag nor time, no file can be known to
 * be the same, and all are fetched each time.
 */
final class UrlOrigin implements FileOrigin {
    private final RepositoryRef ref;
    private final URI folder;
    private final Requests requests;
    private final Predicate<String> wanted;

    /**
     * @param folder with a slash at its end
     * @param wanted files whose details are read
     */
    UrlOrigin(RepositoryRef ref, URI folder, Requests requests, Predicate<String> wanted) {
        this.ref = ref;
        this.folder = folder;
        this.requests = requests;
        this.wanted = wanted;
    }

    @Override
    public String address() {
        return Requests.shown(folder);
    }

    @Override
    public Optional<String> pinned() {
        return Optional.ofNullable(ref.revision());
    }

    @Override
    public Listing list() throws IOException, SourceException {
        List<Listing.Listed> files = new ArrayList<>();
        for (String name : names()) {
            files.add(wanted.test(name) ? look(name) : new Listing.Listed(name, -1, ""));
        }
        return Pin.check(
                ref, Pin.listing(files.stream().filter(f -> wanted.test(f.name())), files));
    }

    private List<String> names() throws IOException, SourceException {
        try (HttpAnswer answer = requests.get(folder, Map.of(), _ -> {})) {
            return FolderListing.read(answer, folder);
        }
    }

    private Listing.Listed look(String name) throws IOException, SourceException {
        try (HttpAnswer answer = requests.get(file(name), Map.of(), _ -> {})) {
            String mark =
                    answer.header("etag")
                            .or(() -> answer.header("last-modified"))
                            .orElseGet(() -> UUID.randomUUID().toString());
            return new Listing.Listed(name, FileHeaders.size(answer), mark);
        }
    }

    @Override
    public RemoteBody open(Listing listing, String name, long from, PartFile part)
            throws IOException, SourceException {
        return UrlFiles.open(requests, file(name), from, part);
    }

    private URI file(String name) {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        return folder.resolve(encoded);
    }
}
