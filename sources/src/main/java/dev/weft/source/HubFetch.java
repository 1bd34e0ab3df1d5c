package dev.weft.source;

import dev.weft.model.repository.RepositoryRef;
import dev.weft.source.FetchState.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** One fetch from a hub: revision to commit, commit to files, files into the target folder. */
final class HubFetch {
    private static final Pattern REPO =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)?");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-fA-F]{40}");
    private static final String DEFAULT_REVISION = "main";

    private final FetchContext context;
    private final RepositoryRef ref;
    private final FileSelection selection;
    private final Path target;
    private final String endpoint;
    private final String revision;

    HubFetch(FetchContext context) {
        this.context = context;
        this.ref = context.ref();
        this.selection = context.selection();
        this.target = context.target();
        this.endpoint = context.hub().settings().hubEndpoint().toString();
        String asked = ref.revision();
        this.revision = asked == null || asked.isBlank() ? DEFAULT_REVISION : asked;
    }

    Fetched run() throws SourceException {
        if (!REPO.matcher(ref.repo()).matches() || ref.repo().contains("..")) {
            throw new SourceException(
                    SourceFault.NOT_ALLOWED, ref + ": repo is allowed as owner/name");
        }
        boolean pinned = COMMIT.matcher(revision).matches();
        FetchState state = FetchState.read(target);
        String asked = revision.toLowerCase(Locale.ROOT);
        if (pinned && isHere(state, asked)) {
            return fetched(state);
        }
        Listing listing = context.attempts().run("listing " + revision, this::list);
        if (pinned && !listing.commit().equalsIgnoreCase(asked)) {
            throw new SourceException(
                    SourceFault.CORRUPT, ref + ": the hub answers with commit " + listing.commit());
        }
        return isHere(state, listing.commit()) ? fetched(state) : fetch(listing, state);
    }

    private boolean isHere(FetchState state, String commit) {
        return state.isOf(endpoint, ref.repo(), commit)
                && state.isComplete(target, selection.name());
    }

    private Fetched fetched(FetchState state) {
        List<String> names = state.selections().getOrDefault(selection.name(), List.of());
        return new Fetched(target, state.commit(), names);
    }

    private Listing list() throws IOException, SourceException, InterruptedException {
        try (HubClient.Answer answer = context.hub().listing(ref, revision);
                StallWatch watch = answer.watch(context.hub().settings(), context.attempts())) {
            Listing listing = Listing.read(answer.response().body());
            watch.check();
            return listing;
        }
    }

    private Fetched fetch(Listing listing, FetchState old) throws SourceException {
        for (String name : listing.files()) {
            if (!Listing.isSafe(name)) {
                throw new SourceException(
                        SourceFault.NOT_ALLOWED,
                        ref + ": file name '" + name + "' leaves the folder or is reserved");
            }
        }
        List<String> wanted = listing.files().stream().filter(selection.wanted()).sorted().toList();
        if (wanted.isEmpty()) {
            throw new SourceException(
                    SourceFault.NOT_FOUND,
                    ref
                            + ": commit "
                            + listing.commit()
                            + " holds no file of the kind that is needed ("
                            + selection.name()
                            + "); check the name of the repository");
        }
        try {
            FetchState state = prepare(listing, wanted, old);
            state = download(state, wanted, old);
            List<String> names =
                    listing.files().stream()
                            .filter(selection.wanted().or(selection.listed()))
                            .sorted()
                            .toList();
            state = state.complete(selection.name(), names);
            state.write(target);
            return fetched(state);
        } catch (IOException e) {
            throw new SourceException(
                    SourceFault.STORAGE, ref + ": cannot write to " + target + ": " + e, e);
        }
    }

    /** The folder's state for this commit; files of another one that have no successor go. */
    private FetchState prepare(Listing listing, List<String> wanted, FetchState old)
            throws IOException {
        Files.createDirectories(target);
        if (old.isOf(endpoint, ref.repo(), listing.commit())) {
            return old;
        }
        FetchState state = FetchState.start(endpoint, ref.repo(), listing.commit());
        state.write(target);
        for (String name : old.files().keySet()) {
            if (Listing.isSafe(name) && !wanted.contains(name)) {
                Files.deleteIfExists(target.resolve(name));
            }
        }
        return state;
    }

    private FetchState download(FetchState start, List<String> wanted, FetchState old)
            throws SourceException, IOException {
        FetchState state = start;
        long bytes = 0;
        for (int i = 0; i < wanted.size(); i++) {
            String name = wanted.get(i);
            if (!state.holds(target, name)) {
                ProgressMeter meter =
                        new ProgressMeter(context.listener(), name, i + 1, wanted.size(), bytes);
                Entry entry = file(state.commit(), name, bytes, meter, old);
                state = state.with(name, entry);
                state.write(target);
            }
            Entry done = state.files().get(name);
            bytes += done == null ? 0 : done.size();
        }
        return state;
    }

    private Entry file(String commit, String name, long before, ProgressMeter meter, FetchState old)
            throws SourceException {
        long most = Math.min(selection.maxFileBytes(), selection.maxTotalBytes() - before);
        Entry known = old.holds(target, name) ? old.files().get(name) : null;
        FileDownload download =
                new FileDownload(
                        context, new FileDownload.Wanted(commit, name, most, known, meter));
        return context.attempts().run("file " + name, download::attempt);
    }
}
