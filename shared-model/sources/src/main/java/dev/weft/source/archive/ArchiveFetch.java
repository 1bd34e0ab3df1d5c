package dev.weft.source.archive;

import dev.weft.source.download.ContentHash;
import dev.weft.source.download.FetchState;
import dev.weft.source.download.FetchState.Entry;
import dev.weft.source.download.FileDownload;
import dev.weft.source.download.Listing;
import dev.weft.source.download.Pin;
import dev.weft.source.download.ProgressMeter;
import dev.weft.source.download.SelectedFiles;
import dev.weft.source.fetch.FetchContext;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One fetch of an archive. It is downloaded whole, hashed, unpacked within bounds, and deleted. Its
 * revision is its SHA-256.
 */
public final class ArchiveFetch {
    private final FetchContext context;
    private final ArchiveOrigin origin;

    public ArchiveFetch(FetchContext context, ArchiveOrigin origin) {
        this.context = context;
        this.origin = origin;
    }

    public Fetched run() throws SourceException {
        FetchState state = FetchState.read(context.target());
        String pinned = origin.pinned().orElse("");
        if (isHere(state)
                && (pinned.isEmpty() ? unchanged(state) : state.commit().equals(pinned))) {
            return fetched(state);
        }
        context.localDo(() -> Files.createDirectories(context.target()));
        Entry archive = bring();
        Path file = context.target().resolve(ArchiveOrigin.FILE);
        try {
            String commit = Pin.of(context.local(() -> ContentHash.sha256(file)));
            Pin.check(context.ref(), commit);
            return unpack(file, archive, commit, state);
        } finally {
            context.localDo(() -> Files.deleteIfExists(file));
        }
    }

    private boolean isHere(FetchState state) {
        return state.hub().equals(origin.address())
                && state.repo().equals(context.ref().repo())
                && state.isComplete(context.target(), context.selection().name());
    }

    private boolean unchanged(FetchState state) throws SourceException {
        Entry known = state.files().get(ArchiveOrigin.FILE);
        return known != null
                && !known.etag().isEmpty()
                && known.etag().equals(context.attempts().run("asking for changes", origin::etag));
    }

    private Fetched fetched(FetchState state) {
        List<String> names = state.selections().getOrDefault(context.selection().name(), List.of());
        return new Fetched(context.target(), state.commit(), names);
    }

    private Entry bring() throws SourceException {
        ProgressMeter meter = new ProgressMeter(context.listener(), 1, -1);
        meter.file("archive");
        FileDownload download =
                new FileDownload(
                        context,
                        origin,
                        new FileDownload.Wanted(
                                origin.list(),
                                ArchiveOrigin.FILE,
                                context.selection().maxArchiveBytes(),
                                null,
                                meter));
        return context.attempts().run("archive", download::attempt);
    }

    private Fetched unpack(Path archive, Entry entry, String commit, FetchState old)
            throws SourceException {
        String repo = context.ref().repo();
        boolean same = old.isOf(origin.address(), repo, commit);
        FetchState begun =
                (same ? old : FetchState.start(origin.address(), repo, commit))
                        .with(ArchiveOrigin.FILE, entry);
        // Once the first file of another content is there, the old state is wrong, also if this
        // process ends: so the new one is written before.
        List<TarGzip.Unpacked> files =
                new TarGzip(context).unpack(archive, () -> begun.write(context.target()));
        FetchState state = begun;
        List<String> names = files.stream().map(TarGzip.Unpacked::name).sorted().toList();
        Set<String> here = new HashSet<>();
        for (TarGzip.Unpacked file : files) {
            if (file.size() >= 0) {
                here.add(file.name());
                state = state.with(file.name(), new Entry(file.size(), ""));
            }
        }
        context.localDo(() -> dropOthers(same ? Map.of() : old.files(), here));
        FetchState complete = state.complete(context.selection().name(), names);
        context.localDo(() -> complete.write(context.target()));
        return fetched(complete);
    }

    /**
     * Removes files that another content of this place left: those in {@code old}, and those under
     * wanted names. The files in {@code here} stay.
     */
    private void dropOthers(Map<String, Entry> old, Set<String> here) throws IOException {
        for (String name : old.keySet()) {
            if (Listing.isSafe(name) && !here.contains(name)) {
                Files.deleteIfExists(context.target().resolve(name));
            }
        }
        SelectedFiles.keepOnly(context.target(), context.selection(), here);
    }
}
