package dev.weft.source.url;

import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.source.download.FileOrigin;
import dev.weft.source.download.Listing;
import dev.weft.source.download.PartFile;
import dev.weft.source.download.Pin;
import dev.weft.source.download.RemoteBody;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.ReplacedException;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.http.HttpAnswer;
import dev.weft.source.request.FileHeaders;
import dev.weft.source.request.HttpBody;
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
 * A folder at an HTTP address, listed by its server. Its content is named by a hash over its files'
 * names, sizes and ETags, as far as they are part of its {@linkplain FileSelection#identity
 * identity}. If the server sends on to another folder, the files lie there. A file that differs
 * from what was listed is not taken. If a server gives neither ETag nor time, no file can be known
 * to be the same, and all are fetched each time.
 */
final class UrlOrigin implements FileOrigin {
    /** Begins the mark of a file of which nothing is known. */
    private static final String UNKNOWN = "unknown-";

    private final RepositoryRef ref;
    private final URI folder;
    private final Requests requests;
    private final Predicate<String> identity;
    private final List<String> folders;
    private URI there;

    /**
     * @param folder with a slash at its end
     * @param selection its files' details are read, and its folders are listed too
     */
    UrlOrigin(RepositoryRef ref, URI folder, Requests requests, FileSelection selection) {
        this.ref = ref;
        this.folder = folder;
        this.requests = requests;
        this.identity = selection.identity();
        this.there = folder;
        this.folders = selection.folders();
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
            files.add(identity.test(name) ? look(name) : new Listing.Listed(name, -1, ""));
        }
        return Pin.listing(ref, files, identity);
    }

    /** Names of files as paths below the folder. */
    private List<String> names() throws IOException, SourceException {
        List<String> names = new ArrayList<>();
        Page root = page(folder, folders);
        there = root.at();
        for (String name : root.names()) {
            if (folders.contains(name)) {
                page(uri(name), List.of()).names().forEach(below -> names.add(name + below));
            } else {
                names.add(name);
            }
        }
        return names;
    }

    /**
     * The names of what lies in a folder.
     *
     * @param at the folder that answered
     */
    private record Page(URI at, List<String> names) {}

    /** Links are relative to the address that answered (RFC 3986, 5.1.3). */
    private Page page(URI of, List<String> within) throws IOException, SourceException {
        try (HttpAnswer answer = requests.get(of, Map.of(), _ -> {})) {
            URI at = answer.uri().getRawPath().endsWith("/") ? answer.uri() : of;
            return new Page(at, FolderListing.read(answer, at, within));
        }
    }

    private Listing.Listed look(String name) throws IOException, SourceException {
        try (HttpAnswer answer = requests.get(uri(name), Map.of(), _ -> {})) {
            String mark = mark(answer).orElseGet(() -> UNKNOWN + UUID.randomUUID());
            return new Listing.Listed(name, FileHeaders.size(answer), mark);
        }
    }

    @Override
    public RemoteBody open(Listing listing, String name, long from, PartFile part)
            throws IOException, SourceException {
        HttpBody body = UrlFiles.open(requests, uri(name), from, part);
        Optional<Listing.Listed> listed = listing.file(name).filter(f -> !f.etag().isEmpty());
        if (listed.isPresent() && differs(listed.get(), body.answer())) {
            body.close();
            throw new ReplacedException(ref, name);
        }
        return body;
    }

    private static Optional<String> mark(HttpAnswer answer) {
        return answer.header("etag").or(() -> answer.header("last-modified"));
    }

    /**
     * Whether the answer is of another file than the listed one. A part of a file need not bear the
     * mark again: it was asked for by its ETag.
     */
    private static boolean differs(Listing.Listed listed, HttpAnswer answer) {
        Optional<String> mark = mark(answer);
        boolean same =
                mark.isPresent()
                        ? mark.get().equals(listed.etag())
                        : listed.etag().startsWith(UNKNOWN) || answer.status() != 200;
        return !same || listed.isOfOtherSize(FileHeaders.size(answer));
    }

    private URI uri(String name) {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);
        return there.resolve(encoded.replace("+", "%20").replace("%2F", "/"));
    }
}
