package dev.weft.source.download;

import dev.weft.source.download.FetchState.Entry;
import dev.weft.source.fetch.FetchContext;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.ReplacedException;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One fetch of a repository whose files can be asked for one by one. It lists the files, selects
 * the wanted ones, and brings them into the target folder, which then holds no others of their
 * kind.
 */
public final class TreeFetch {
    private static final Logger LOG = LoggerFactory.getLogger(TreeFetch.class);

    /**
     * The most listings of a fetch. Files that change more often are still being written: a later
     * fetch may find them done.
     */
    private static final int MOST_LISTINGS = 3;

    private final FetchContext context;
    private final FileOrigin origin;

    public TreeFetch(FetchContext context, FileOrigin origin) {
        this.context = context;
        this.origin = context.selection().isOfHeads() ? new HeadOrigin(origin) : origin;
    }

    public Fetched run() throws SourceException {
        FetchState state = FetchState.read(context.target());
        Optional<String> pinned = origin.pinned();
        if (pinned.isPresent() && isHere(state, pinned.get())) {
            return fetched(state);
        }
        for (int listings = 1; ; listings++) {
            try {
                return listed();
            } catch (ReplacedException e) {
                if (listings == MOST_LISTINGS) {
                    throw e;
                }
                LOG.info("{}; the files are listed anew", e.getMessage());
            }
        }
    }

    private Fetched listed() throws SourceException {
        FetchState state = FetchState.read(context.target());
        Listing listing = context.attempts().run("listing " + origin.address(), origin::list);
        return isHere(state, listing.commit()) ? fetched(state) : fetch(listing, state);
    }

    private boolean isHere(FetchState state, String commit) {
        return state.isOf(origin.address(), context.ref().repo(), commit)
                && state.isComplete(context.target(), context.selection().name());
    }

    private Fetched fetched(FetchState state) {
        List<String> names = state.selections().getOrDefault(context.selection().name(), List.of());
        return new Fetched(context.target(), state.commit(), names);
    }

    private Fetched fetch(Listing listing, FetchState old) throws SourceException {
        List<String> wanted = wanted(listing);
        try {
            FetchState state = prepare(listing, wanted, old);
            SelectedFiles.keepOnly(context.target(), context.selection(), wanted);
            state = download(listing, state, wanted, old);
            FileSelection selection = context.selection();
            List<String> names =
                    listing.names().stream()
                            .filter(selection.wanted().or(selection.listed()))
                            .sorted()
                            .toList();
            state = state.complete(selection.name(), names);
            state.write(context.target());
            return fetched(state);
        } catch (IOException e) {
            throw new SourceException(
                    SourceFault.STORAGE,
                    context.ref() + ": cannot write to " + context.target() + ": " + e,
                    e);
        }
    }

    private List<String> wanted(Listing listing) throws SourceException {
        Predicate<String> taken = context.selection().wanted().or(context.selection().listed());
        for (String name : listing.names()) {
            if (taken.test(name) ? !Listing.isSafe(name) : Listing.leaves(name)) {
                throw new SourceException(
                        SourceFault.NOT_ALLOWED,
                        context.ref()
                                + ": file name '"
                                + name
                                + "' leaves the folder or is reserved");
            }
        }
        List<String> wanted =
                listing.names().stream().filter(context.selection().wanted()).sorted().toList();
        if (wanted.isEmpty()) {
            throw new SourceException(
                    SourceFault.NOT_FOUND,
                    context.ref()
                            + ": "
                            + listing.commit()
                            + " holds no file of the kind that is needed ("
                            + context.selection().name()
                            + "); check the name of the repository");
        }
        return wanted;
    }

    /**
     * Makes the folder's state for this commit; files of another commit that are not wanted of this
     * one are removed.
     */
    private FetchState prepare(Listing listing, List<String> wanted, FetchState old)
            throws IOException {
        Files.createDirectories(context.target());
        if (old.isOf(origin.address(), context.ref().repo(), listing.commit())) {
            return old;
        }
        FetchState state =
                FetchState.start(origin.address(), context.ref().repo(), listing.commit());
        state.write(context.target());
        for (String name : old.files().keySet()) {
            if (Listing.isSafe(name) && !wanted.contains(name)) {
                Files.deleteIfExists(context.target().resolve(name));
            }
        }
        return state;
    }

    private FetchState download(
            Listing listing, FetchState start, List<String> wanted, FetchState old)
            throws SourceException, IOException {
        FetchState state = start;
        ProgressMeter meter =
                new ProgressMeter(context.listener(), wanted.size(), sizes(listing, wanted));
        for (String name : wanted) {
            meter.file(name);
            if (!state.holds(context.target(), name)) {
                Entry entry = file(listing, name, meter, old);
                state = state.with(name, entry);
                state.write(context.target());
            }
            Entry done = state.files().get(name);
            meter.done(done == null ? 0 : done.size());
        }
        return state;
    }

    /** Bytes of all wanted files; -1 if the size of one is not known. */
    private static long sizes(Listing listing, List<String> wanted) {
        long sum = 0;
        for (String name : wanted) {
            long size = listing.size(name);
            if (size < 0) {
                return -1;
            }
            sum += size;
        }
        return sum;
    }

    private Entry file(Listing listing, String name, ProgressMeter meter, FetchState old)
            throws SourceException {
        FileSelection selection = context.selection();
        long most = Math.min(selection.maxFileBytes(), selection.maxTotalBytes() - meter.before());
        Entry known = old.holds(context.target(), name) ? old.files().get(name) : null;
        FileDownload download =
                new FileDownload(
                        context,
                        origin,
                        new FileDownload.Wanted(listing, name, most, known, meter));
        return context.attempts().run("file " + name, download::attempt);
    }
}
