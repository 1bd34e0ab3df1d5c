package dev.weft.protocol.feed;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A gateway's or a worker's copy of the catalog: names and the versions they lead to, as of a
 * sequence number. While the catalog is away, it answers from its last state.
 *
 * <p>Any thread reads, without a lock, and gets immutable values; events are applied one at a time.
 * A look-up sees a name either before or after an event, never in between; a snapshot replaces
 * everything at once. An event and a look-up cost O(log n), so hundreds of thousands of adapters do
 * no harm; only a snapshot, {@link #entries()}, {@link #visibleTo}, {@link #sole} and {@link
 * #size()} go through them all.
 */
public final class CatalogView {
    private volatile Names names = new Names();
    private volatile List<CatalogBase> bases = List.of();
    private volatile Map<AdapterId, ComingName> coming = new ConcurrentHashMap<>();
    private volatile long sequence;
    private volatile long snapshots;
    private volatile boolean initialised;
    private volatile Consumer<String> tokens = _ -> {};
    private volatile Runnable allTokens = () -> {};

    /**
     * Calls a listener for each token that changed, once the event is applied.
     *
     * @param listener takes the token's SHA-256 in hexadecimal; runs in the thread that applies
     *     events
     */
    public void whenATokenChanges(Consumer<String> listener) {
        tokens = listener;
    }

    /**
     * Calls a listener after each snapshot, which does not say which tokens changed before it.
     *
     * @param listener runs in the thread that applies events
     */
    public void whenAnyTokenMayHaveChanged(Runnable listener) {
        allTokens = listener;
    }

    /**
     * Applies the next event. A snapshot replaces the whole view, whatever its sequence number: a
     * catalog that was restored from a backup starts again lower. Other events that are older than
     * the view change nothing, but listeners hear of every token that changed.
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time writes
    public synchronized void apply(CatalogEvent event) {
        switch (event) {
            case CatalogEvent.Snapshot(
                            long at,
                            List<CatalogBase> known,
                            List<CatalogEntry> entries,
                            Set<ComingName> notReady) -> {
                Names all = new Names();
                entries.forEach(all::put);
                Map<AdapterId, ComingName> next = new ConcurrentHashMap<>();
                notReady.forEach(name -> next.put(name.id(), name));
                names = all;
                bases = known;
                coming = next;
                sequence = at;
                snapshots++;
                initialised = true;
                allTokens.run();
            }
            case CatalogEvent.Published(long at, CatalogEntry entry) -> {
                if (at > sequence) {
                    names.put(entry);
                    coming.remove(entry.id());
                    sequence = at;
                }
            }
            case CatalogEvent.Withdrawn withdrawn -> {
                if (withdrawn.sequence() > sequence) {
                    names.remove(withdrawn.id());
                    coming.compute(withdrawn.id(), (_, _) -> withdrawn.coming());
                    sequence = withdrawn.sequence();
                }
            }
            case CatalogEvent.BasesChanged(long at, List<CatalogBase> known) -> {
                if (at > sequence) {
                    bases = known;
                    sequence = at;
                }
            }
            case CatalogEvent.TokenChanged(long at, String token) -> {
                tokens.accept(token);
                sequence = Math.max(sequence, at);
            }
        }
    }

    /**
     * Finds what a client of {@code tenant} means by {@code model}, if it may use that. {@code
     * model} is a digest; a name of its own; a name that another tenant shares with it, written
     * {@code tenant/name}; or either of these names with {@code @number} behind it, which pins a
     * version.
     */
    public Optional<Served> find(String tenant, String model) {
        return find(tenant, model, _ -> true);
    }

    /**
     * Finds the same, and chooses among several adapters with one digest.
     *
     * @param preferred admits the versions to choose from; the first of these is taken, or the
     *     first of all if there is none
     */
    public Optional<Served> find(String tenant, String model, Predicate<ServedVersion> preferred) {
        if (model.startsWith(AdapterDigest.PREFIX)) {
            return AdapterDigest.isDigest(model)
                    ? pinned(tenant, AdapterDigest.parse(model), preferred)
                    : Optional.empty();
        }
        int at = model.lastIndexOf(ServedVersion.AT);
        if (at < 0) {
            return named(tenant, model)
                    .filter(entry -> entry.main().isPresent())
                    .map(Served.Named::new);
        }
        String number = model.substring(at + 1);
        return number.matches("[1-9][0-9]{0,8}")
                ? named(tenant, model.substring(0, at))
                        .flatMap(entry -> entry.pinned(Integer.parseInt(number)))
                        .map(Served.Pinned::new)
                : Optional.empty();
    }

    /** Finds what {@code model} means to a client of the default tenant. */
    public Optional<Served> find(String model) {
        return find(AdapterId.DEFAULT_TENANT, model);
    }

    /**
     * True if {@code model} is a name of the tenant's own that leads to nothing, and a version of
     * it is being made ready.
     */
    public boolean isComing(String tenant, String model) {
        return coming(tenant, model).isPresent();
    }

    /** The base of a name that {@link #isComing}; empty if nobody knows it yet. */
    public Optional<CatalogBase> comingBase(String tenant, String model) {
        return coming(tenant, model)
                .filter(name -> name.base() != ServedVersion.FIRST_BASE)
                .flatMap(name -> base(name.base()));
    }

    private Optional<ComingName> coming(String tenant, String model) {
        Map<AdapterId, ComingName> now = coming;
        return now.isEmpty() || !AdapterId.isName(model)
                ? Optional.empty()
                : Optional.ofNullable(now.get(new AdapterId(tenant, model)));
    }

    /** Finds what a name leads to, whoever may use it. */
    public Optional<CatalogEntry> find(AdapterId id) {
        return names.find(id);
    }

    /** The first name, in order, that leads to a digest, if one still does. */
    public Optional<CatalogEntry> find(AdapterDigest digest) {
        return names.find(digest, _ -> true);
    }

    /** The names that lead to a digest, in order; few. */
    public List<CatalogEntry> entries(AdapterDigest digest) {
        return names.all(digest);
    }

    private Optional<Served> pinned(
            String tenant, AdapterDigest digest, Predicate<ServedVersion> preferred) {
        List<ServedVersion> versions = names.versions(digest, entry -> entry.visibleTo(tenant));
        return versions.stream()
                .filter(preferred)
                .findFirst()
                .or(() -> versions.stream().findFirst())
                .map(Served.Pinned::new);
    }

    private Optional<CatalogEntry> named(String tenant, String text) {
        if (!AdapterId.isName(text)) {
            return Optional.empty();
        }
        Names all = names;
        Optional<CatalogEntry> own = all.find(new AdapterId(tenant, text));
        int slash = text.indexOf('/');
        if (own.isPresent() || slash < 0 || !AdapterId.isName(text.substring(slash + 1))) {
            return own;
        }
        return all.find(new AdapterId(text.substring(0, slash), text.substring(slash + 1)))
                .filter(entry -> entry.visibleTo(tenant));
    }

    /** All names, in order of tenant and name. Goes through all of them. */
    public List<CatalogEntry> entries() {
        return names.all();
    }

    /**
     * The names that clients of a tenant may use, as they write them, in order: those of others are
     * {@code tenant/name}. Goes through all of them.
     */
    public SortedMap<String, CatalogEntry> visibleTo(String tenant) {
        SortedMap<String, CatalogEntry> visible = new TreeMap<>();
        for (CatalogEntry entry : names.all()) {
            if (entry.visibleTo(tenant) && entry.main().isPresent()) {
                AdapterId id = entry.id();
                boolean own = id.tenant().equals(tenant);
                String written = own ? id.name() : id.tenant() + '/' + id.name();
                if (own || !visible.containsKey(written)) {
                    visible.put(written, entry);
                }
            }
        }
        return visible;
    }

    /** The bases, in the order of their ids; none if the catalog says nothing of them. */
    public List<CatalogBase> bases() {
        return bases;
    }

    /** The base of a version; empty if the catalog says nothing of it. */
    public Optional<CatalogBase> base(ServedVersion version) {
        return base(version.base());
    }

    private Optional<CatalogBase> base(long id) {
        List<CatalogBase> known = bases;
        return id == ServedVersion.FIRST_BASE
                ? known.stream().findFirst()
                : known.stream().filter(base -> base.id() == id).findFirst();
    }

    /**
     * Whether a version is of the base of that name. All versions are if the catalog says nothing
     * of bases.
     */
    public boolean isOf(String base, ServedVersion version) {
        return bases.isEmpty() || base(version).filter(its -> its.name().equals(base)).isPresent();
    }

    /** False if names lead to a digest, and all its versions there are of other bases. */
    public boolean mayBeOf(String base, AdapterDigest digest) {
        List<ServedVersion> known = names.versions(digest, _ -> true);
        return known.isEmpty() || known.stream().anyMatch(version -> isOf(base, version));
    }

    /**
     * The version that every request for any name of that base gets; empty if there are several
     * digests.
     */
    public Optional<ServedVersion> sole(String base) {
        return names.sole(version -> isOf(base, version));
    }

    /** The number of names that lead to something. Counts them all. */
    public int size() {
        return names.size();
    }

    /** Sequence number of the last event applied; 0 before the first. */
    public long sequence() {
        return sequence;
    }

    /**
     * How many snapshots have been applied: a catalog that was restored from a backup may come to
     * the same sequence number with other names.
     */
    public long snapshots() {
        return snapshots;
    }

    /** True if a snapshot has been seen. */
    public boolean initialised() {
        return initialised;
    }
}
