package dev.weft.source.bucket;

import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.source.download.ContentHash;
import dev.weft.source.download.ContentHash.Algorithm;
import dev.weft.source.download.FileOrigin;
import dev.weft.source.download.Listing;
import dev.weft.source.download.PartFile;
import dev.weft.source.download.Pin;
import dev.weft.source.download.RemoteBody;
import dev.weft.source.download.RemoteFile;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.ReplacedException;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import dev.weft.source.object.ObjectStore;
import dev.weft.source.object.StoreException;
import dev.weft.source.object.StoreObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The objects directly below a prefix of a bucket, and those of the wanted folders there. Their
 * content is named by a hash over the objects' names, sizes and ETags, as far as they are part of
 * its {@linkplain FileSelection#identity identity}. If the selection has anchors, a prefix is
 * listed only if it holds one of them: a listing of the root of a large bucket takes much memory.
 * An object that differs from what was listed is not taken.
 */
public final class StoreOrigin implements FileOrigin {
    /** A prefix with more objects is a bucket, not a repository. */
    private static final int MOST_OBJECTS = 10_000;

    private final RepositoryRef ref;
    private final ObjectAddress address;
    private final ObjectStore store;
    private final FileSelection selection;

    public StoreOrigin(
            RepositoryRef ref, ObjectAddress address, ObjectStore store, FileSelection selection) {
        this.ref = ref;
        this.address = address;
        this.store = store;
        this.selection = selection;
    }

    @Override
    public String address() {
        return address.toString();
    }

    @Override
    public Optional<String> pinned() {
        return Optional.ofNullable(ref.revision());
    }

    @Override
    public Listing list() throws IOException, SourceException {
        try {
            checkThere();
            List<StoreObject> objects = new ArrayList<>(store.list("", false));
            for (String folder : selection.folders()) {
                objects.addAll(store.list(folder, false));
            }
            if (objects.size() > MOST_OBJECTS) {
                throw new SourceException(
                        SourceFault.NOT_ALLOWED,
                        ref
                                + ": "
                                + objects.size()
                                + " objects lie there, allowed are "
                                + MOST_OBJECTS
                                + "; name the folder of the repository");
            }
            List<Listing.Listed> files =
                    objects.stream()
                            .map(o -> new Listing.Listed(o.name(), o.size(), o.etag()))
                            .toList();
            return Pin.listing(ref, files, selection.identity());
        } catch (StoreException e) {
            throw sorted(ref, e);
        }
    }

    /**
     * Checks that an anchor is there. If stat is denied or gives no reason, a read gives one in
     * words.
     */
    private void checkThere() throws IOException, SourceException {
        List<String> anchors = selection.anchors();
        for (String name : anchors) {
            if (isSeen(name)) {
                return;
            }
        }
        if (anchors.isEmpty()) {
            return;
        }
        try {
            store.await(store.read(anchors.getFirst(), 0, 1), 1);
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.NOT_FOUND) {
                throw e;
            }
            throw new SourceException(
                    SourceFault.NOT_FOUND,
                    ref + ": none of " + anchors + " lies there: " + e.getMessage(),
                    e);
        }
    }

    private boolean isSeen(String name) throws IOException {
        try {
            return store.stat(name).isPresent();
        } catch (StoreException e) {
            return switch (e.kind()) {
                case NOT_FOUND, DENIED, INVALID, UNAVAILABLE -> false;
                case REFUSED, TIMEOUT, CHANGED -> throw e;
            };
        }
    }

    @Override
    public RemoteBody open(Listing listing, String name, long from, PartFile part)
            throws IOException, SourceException {
        try {
            StoreObject object =
                    store.stat(name)
                            .filter(now -> listing.file(name).stream().allMatch(f -> is(f, now)))
                            .orElseThrow(() -> new ReplacedException(ref, name));
            RemoteFile file = file(object);
            boolean goesOn = from > 0 && from <= object.size() && part.isOf(file.etag());
            return new StoreBody(store, object, file, goesOn ? from : 0);
        } catch (StoreException e) {
            throw sorted(ref, e);
        }
    }

    private static boolean is(Listing.Listed listed, StoreObject now) {
        boolean known = !listed.etag().isEmpty() && !now.etag().isEmpty();
        return !listed.isOfOtherSize(now.size()) && (!known || listed.etag().equals(now.etag()));
    }

    /**
     * Describes an object. If its hash is known, the whole file is checked in the end. If not, the
     * time of writing is added to its ETag, so that a part is continued only if the object wasn't
     * written since: an ETag may belong to the content, and come back.
     */
    private RemoteFile file(StoreObject object) {
        Optional<ContentHash> hash =
                ContentHash.ofBase64(Algorithm.MD5, object.md5())
                        .or(() ->
                                ref.source() == RepositorySource.S3
                                        ? ContentHash.ofS3Etag(object.etag())
                                        : Optional.empty());
        String written =
                object.modified().map(time -> "." + Long.toString(time.toEpochMilli())).orElse("");
        return new RemoteFile(
                hash.isPresent() || object.etag().isEmpty()
                        ? object.etag()
                        : object.etag() + written,
                object.size(),
                hash.orElse(null));
    }

    /** A failure that will not change by itself is final; any other is tried again. */
    static SourceException sorted(RepositoryRef ref, StoreException e) throws StoreException {
        SourceFault fault =
                switch (e.kind()) {
                    case NOT_FOUND -> SourceFault.NOT_FOUND;
                    case DENIED -> SourceFault.UNAUTHORIZED;
                    case INVALID, REFUSED -> SourceFault.NOT_ALLOWED;
                    case TIMEOUT, CHANGED, UNAVAILABLE -> throw e;
                };
        return new SourceException(fault, ref + ": " + e.getMessage(), e);
    }
}
