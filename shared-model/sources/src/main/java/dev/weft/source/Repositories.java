package dev.weft.source;

import dev.weft.protocol.repository.ObjectAddress;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.settings.secret.Secret;
import dev.weft.source.bucket.StoreOrigin;
import dev.weft.source.download.FileOrigin;
import dev.weft.source.download.Pin;
import dev.weft.source.download.TreeFetch;
import dev.weft.source.fetch.FetchAttempts;
import dev.weft.source.fetch.FetchContext;
import dev.weft.source.fetch.FetchListener;
import dev.weft.source.fetch.Fetched;
import dev.weft.source.fetch.FileSelection;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import dev.weft.source.folder.LocalFolder;
import dev.weft.source.http.AddressRules;
import dev.weft.source.http.GuardedHttp;
import dev.weft.source.hub.HubOrigin;
import dev.weft.source.object.ObjectStores;
import dev.weft.source.object.StoreException;
import dev.weft.source.url.UrlFetch;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * Brings repositories to this machine. It blocks, and is meant for virtual threads. Safe for many
 * threads: fetches into the same folder wait for each other. Two processes must not share a target
 * folder.
 */
public final class Repositories {
    private static final FetchTargets TARGETS = new FetchTargets();

    private final SourceOptions settings;
    private final GuardedHttp hub;
    private final GuardedHttp urls;
    private final ObjectStores stores;

    /**
     * Creates access to repositories by the settings.
     *
     * @param clock says when access tokens end
     */
    public Repositories(SourceOptions settings, Clock clock) {
        this.settings = settings;
        this.hub =
                new GuardedHttp(
                        AddressRules.around(settings.hubEndpoint(), settings.rules().ranges()),
                        settings.http());
        this.urls = new GuardedHttp(settings.rules(), settings.http());
        this.stores = settings.objectStores(clock);
    }

    /**
     * Brings the wanted files of a repository here.
     *
     * <p>HF: the revision is resolved to a commit and its files are fetched into {@code target},
     * which is created. S3, GCS, AZURE, REMOTE_URL: the same with the files that are there now,
     * named by a hash; a revision is such a hash and means that nothing else is taken. Complete
     * files are not fetched again; a download that was cut off goes on where it stopped. A commit
     * (40 hexadecimal digits) or hash whose files are complete needs no network. Each file appears
     * whole, its size and hash checked, or not at all.
     *
     * <p>FILE: nothing is copied, the folder itself is the result.
     *
     * @throws SourceException with the reason; a fetch that failed can be tried again
     */
    public Fetched fetch(
            RepositoryRef ref, FileSelection wanted, Path target, FetchListener progress)
            throws SourceException {
        FetchContext context =
                new FetchContext(
                        ref,
                        wanted,
                        target.toAbsolutePath().normalize(),
                        progress,
                        new FetchAttempts(settings.attempts(), ref));
        return switch (ref.source()) {
            case FILE -> LocalFolder.fetch(ref, wanted);
            case HF -> TARGETS.alone(context, new TreeFetch(context, hub(context))::run);
            case S3, GCS, AZURE ->
                    TARGETS.alone(context, new TreeFetch(context, store(context))::run);
            case REMOTE_URL -> {
                UrlFetch fetch = new UrlFetch(context, urls, settings.credentials());
                yield TARGETS.alone(context, fetch::run);
            }
        };
    }

    private FileOrigin hub(FetchContext context) throws SourceException {
        Optional<Secret> token =
                settings.credentials()
                        .at("hf")
                        .or(() -> settings.credentials().variable("HF_TOKEN"));
        return new HubOrigin(settings.hubEndpoint(), token, hub, context.ref(), context.attempts());
    }

    private FileOrigin store(FetchContext context) throws SourceException {
        RepositoryRef ref = context.ref();
        Pin.check(ref);
        ObjectAddress address =
                ObjectAddress.parse(ref.source(), ref.repo())
                        .orElseThrow(() ->
                                new SourceException(
                                        SourceFault.NOT_ALLOWED,
                                        ref
                                                + ": repo is allowed as "
                                                + ObjectAddress.allowed(ref.source())));
        try {
            return new StoreOrigin(ref, address, stores.open(address), context.selection());
        } catch (StoreException e) {
            throw new SourceException(
                    e.kind() == StoreException.Kind.DENIED
                            ? SourceFault.UNAUTHORIZED
                            : SourceFault.NOT_ALLOWED,
                    ref + ": " + e.getMessage(),
                    e);
        }
    }
}
