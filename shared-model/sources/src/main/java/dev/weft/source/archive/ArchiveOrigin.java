package dev.weft.source.archive;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.source.download.FileOrigin;
import dev.weft.source.download.Listing;
import dev.weft.source.download.PartFile;
import dev.weft.source.download.RemoteBody;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.request.Requests;
import dev.weft.source.request.UrlFiles;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** An archive at an HTTP address, as a repository of one file. */
public final class ArchiveOrigin implements FileOrigin {
    /** Its name in the target folder while it is fetched and unpacked. */
    static final String FILE = ".weft-archive";

    private final RepositoryRef ref;
    private final URI uri;
    private final Requests requests;

    public ArchiveOrigin(RepositoryRef ref, URI uri, Requests requests) {
        this.ref = ref;
        this.uri = uri;
        this.requests = requests;
    }

    @Override
    public String address() {
        return Requests.shown(uri);
    }

    @Override
    public Optional<String> pinned() {
        return Optional.ofNullable(ref.revision());
    }

    @Override
    public Listing list() {
        return new Listing("", List.of(new Listing.Listed(FILE, -1, "")));
    }

    @Override
    public RemoteBody open(Listing listing, String name, long from, PartFile part)
            throws IOException, SourceException {
        return UrlFiles.open(requests, uri, from, part);
    }

    /** Its present ETag; empty if the server gives none. */
    String etag() throws IOException, SourceException {
        PartFile none = PartFile.of(java.nio.file.Path.of(FILE), FILE, "");
        try (RemoteBody body = UrlFiles.open(requests, uri, 0, none)) {
            return body.file().etag();
        }
    }
}
