package dev.weft.inference.relay.host;

import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.AdapterHost;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.shelf.AdapterShelf;
import dev.weft.inference.engine.shelf.ShelfSize;
import dev.weft.inference.engine.statistics.AdapterSizes;
import dev.weft.inference.engine.statistics.AdapterStatistics;
import dev.weft.inference.relay.adapter.RelayName;
import dev.weft.inference.relay.adapter.SharedFolder;
import dev.weft.inference.relay.adapter.SharedFolder.Written;
import dev.weft.inference.relay.call.ListedModels;
import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerPlan;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adapters at a server beside the worker. A slot is a place in the server's batch. Requests never
 * ask for more adapters at once than there are slots, so that the server starves none. Others stay
 * registered, as many as the server holds in memory, so that it never reads one from the disk
 * again. Adapters are loaded one at a time. One leaves the server only when no request uses it and
 * another one needs its room: each such call waits for a step of the server's. Any thread; loads
 * block.
 */
public final class RelayHost implements AdapterHost, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RelayHost.class);
    static final Duration UNLOAD = Duration.ofSeconds(30);
    private static final Duration LAST_UNLOADS = Duration.ofSeconds(3);

    /** One unload may take half a minute, and others may wait behind it. */
    private static final Duration PLACE = Duration.ofMinutes(2);

    /** If there are at least so many places outside the batch, one of them is left free. */
    private static final int ENOUGH_TO_SPARE = 8;

    private final Parts parts;
    private final int slots;
    private final AdapterShelf<RelayedAdapter> shelf;
    private final ToldAdapters told;
    private final Doubts doubts = new Doubts();
    private final LeftOvers leftOvers;
    private final Comeback comeback;
    private final Places places;
    private final ServerAgreement agreement;

    /** Opens adapters whose folders have gone; null if there is none. */
    private volatile @Nullable Source source;

    private volatile boolean away;

    /** The adapters by their numbers at the server; a number never goes to a second one. */
    private final Map<Long, RelayName> numbers = new ConcurrentHashMap<>();

    /** Loads under way of each adapter: the server may know the adapter before the shelf does. */
    private final Map<RelayName, Integer> coming = new ConcurrentHashMap<>();

    /**
     * The time at which a host that closes stops waiting for the server; {@link System#nanoTime()}.
     * Null while it is open.
     */
    private volatile @Nullable Long closingUntil;

    /**
     * What a host is made of.
     *
     * @param folder closed with the host
     * @param base the server's name of the base
     * @param facts what the base's files say of it
     */
    public record Parts(
            ServerCalls calls,
            Dialect dialect,
            SharedFolder folder,
            String base,
            BaseFacts facts) {}

    public RelayHost(Parts parts, ServerPlan.Limits limits) {
        this.parts = parts;
        this.slots = limits.slots();
        this.shelf =
                new AdapterShelf<>(
                        new ShelfSize(limits.slots(), Long.MAX_VALUE, outsideTheBatch(limits)));
        this.places = new Places(limits.held());
        this.told = new ToldAdapters(parts);
        this.leftOvers = new LeftOvers(this::isMine, this::forget);
        String wellPath = parts.dialect().health().orElse(ListedModels.PATH);
        this.comeback = new Comeback(parts.calls(), wellPath, doubts, this::settle);
        this.agreement =
                new ServerAgreement(
                        parts,
                        new ServerAgreement.Moves(told, doubts, leftOvers, comeback),
                        this::mine,
                        this::held);
    }

    /** The server's kind. */
    Dialect dialect() {
        return parts.dialect();
    }

    /**
     * Adapters that are kept beside those in slots. A place that stays free lets a load begin while
     * the server is asked to forget another adapter.
     */
    private static int outsideTheBatch(ServerPlan.Limits limits) {
        int places = limits.held() - limits.slots();
        return places < ENOUGH_TO_SPARE ? places : places - 1;
    }

    /** Where adapters are read from once more. */
    @FunctionalInterface
    public interface Source {
        /**
         * Opens an adapter for the caller, who closes it.
         *
         * @throws RuntimeException if it can't be had; says why
         */
        LoraAdapter open(AdapterDigest digest);
    }

    /** Sets the source from which adapters are written again if their folder has gone. */
    public void rewritesFrom(Source adapters) {
        source = adapters;
    }

    @Override
    public boolean isAway() {
        return away;
    }

    /** Notes that the server has gone away, or is back with the adapters that this host holds. */
    void goesAway(boolean gone) {
        away = gone;
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public AdapterSizes adapterSizes() {
        return shelf.memory();
    }

    /** Loads, reloads and evictions so far. */
    public AdapterStatistics statistics() {
        return shelf.statistics();
    }

    /**
     * {@inheritDoc}
     *
     * <p>An adapter that the server accepts and does not apply is {@code INVALID_ADAPTER} too.
     */
    @Override
    public void load(AdapterDigest digest, LoraAdapter adapter) {
        RelayName name = new RelayName(digest);
        coming.merge(name, 1, Integer::sum);
        try {
            shelf.load(digest, () -> register(name, adapter));
        } finally {
            coming.computeIfPresent(name, (_, loads) -> loads == 1 ? null : loads - 1);
            if (places.has(name) && !isMine(name)) {
                // its unload was put off for this load
                leftOvers.unload(name);
            }
        }
    }

    @Override
    public boolean reload(AdapterDigest digest) {
        return shelf.reload(digest);
    }

    @Override
    public void unload(AdapterDigest digest) {
        shelf.unload(digest);
    }

    @Override
    public List<AdapterDigest> cached() {
        return shelf.cached();
    }

    /** How requests name an adapter, or the base (null). */
    public RelayTarget target(@Nullable AdapterDigest adapter) {
        return told.target(adapter == null ? null : new RelayName(adapter));
    }

    /**
     * Returns if the server applies an adapter in a slot. If that is in doubt, the server has to
     * prove it first.
     *
     * @throws EngineException {@code INVALID_ADAPTER} if the server does not apply it any more;
     *     {@code FAILED} if the server fails
     */
    public void settle(AdapterDigest digest) {
        RelayName name = new RelayName(digest);
        reported(() -> {
            doubts.settle(
                    name,
                    () -> {
                        rewrite(name);
                        told.bring(name, patience());
                    });
            return name;
        });
    }

    /** Writes an adapter's folder again if it has gone. */
    private void rewrite(RelayName name) {
        Source adapters = source;
        if (adapters == null || parts.folder().has(name)) {
            return;
        }
        try (LoraAdapter adapter = adapters.open(name.digest())) {
            Written _ = parts.folder().write(name, adapter);
            LOG.warn("the folder of adapter {} had gone, and is written again", name);
        } catch (IOException | RuntimeException e) {
            throw told.failed(
                    "the folder of " + name + " has gone, and can't be written: " + e.getMessage(),
                    e);
        }
    }

    /**
     * Loads an adapter again that the server has forgotten although it is in a slot.
     *
     * @throws EngineException as {@link #settle} does
     */
    public void restore(AdapterDigest digest) {
        doubts.raise(new RelayName(digest));
        settle(digest);
    }

    /** The comparison of the server with this host. */
    ServerAgreement agreement() {
        return agreement;
    }

    /** The adapters that are here, or whose loads are under way. */
    private Set<RelayName> mine() {
        Set<RelayName> mine = new HashSet<>(coming.keySet());
        mine.addAll(held());
        return mine;
    }

    private boolean isMine(RelayName name) {
        return coming.containsKey(name) || held().contains(name);
    }

    /** Deletes folders that nobody uses any more. */
    void sweep() {
        parts.folder().sweep();
    }

    private List<RelayName> held() {
        List<RelayName> held = new ArrayList<>();
        shelf.forEach(adapter -> held.add(adapter.written().name()));
        return held;
    }

    private RelayedAdapter register(RelayName name, LoraAdapter adapter) {
        return reported(() -> {
            RelayName other = numbers.putIfAbsent(name.number(), name);
            if (other != null && !other.equals(name)) {
                throw EngineException.invalidAdapter(
                        "its digest begins like that of " + other.digest());
            }
            if (!leftOvers.keep(name, UNLOAD)) {
                throw told.failed("it still unloads the adapter", null);
            }
            Written written = write(name, adapter);
            try {
                if (!places.take(name, PLACE)) {
                    throw told.failed(
                            "it has not forgotten others for " + PLACE.toSeconds() + " s", null);
                }
                told.bring(name, patience());
                return new RelayedAdapter(written, this::giveUp);
            } catch (EngineException | IOException | InterruptedException e) {
                release(written);
                throw e;
            }
        });
    }

    private Written write(RelayName name, LoraAdapter adapter) {
        try {
            return parts.folder().write(name, adapter);
        } catch (IOException e) {
            throw new EngineException(
                    EngineException.Cause.FAILED,
                    "the shared folder %s can't be written: %s"
                            .formatted(parts.folder(), e.getMessage()),
                    e);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw EngineException.invalidAdapter(
                    "it can't be written for the server: " + e.getMessage());
        }
    }

    private interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    /** Runs work, and reports its failures as the server's. */
    private <T> T reported(Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw told.failed(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw told.failed("interrupted", e);
        }
    }

    /**
     * Begins to unload an adapter that has left the shelf; loads that need its place wait for that.
     */
    private void giveUp(Written adapter) {
        if (closingUntil != null) {
            release(adapter);
            return;
        }
        doubts.drop(adapter.name());
        comeback.drop(adapter.name());
        leftOvers.unload(adapter.name());
    }

    /** Unloads an adapter from the server; its folder goes only if the server has forgotten it. */
    private void release(Written adapter) {
        doubts.drop(adapter.name());
        comeback.drop(adapter.name());
        boolean _ = forget(adapter.name());
    }

    private boolean forget(RelayName name) {
        boolean gone = told.untell(name, patience());
        if (gone) {
            parts.folder().retire(name);
        }
        if (gone || closingUntil == null) {
            places.leave(name);
        }
        return gone;
    }

    /** All unloads of a host that closes share a few seconds. */
    private Duration patience() {
        Long until = closingUntil;
        return until == null ? UNLOAD : Duration.ofNanos(Math.max(0, until - System.nanoTime()));
    }

    /** Asks the base for its answers, before the server has adapters. */
    void learn() throws IOException, InterruptedException {
        told.learn();
    }

    /** Unloads all adapters, for a few seconds at most, and gives the folder back. */
    @Override
    public void close() {
        closingUntil = System.nanoTime() + LAST_UNLOADS.toNanos();
        leftOvers.close();
        shelf.close();
        // adapters whose unload was put off or broken off
        for (RelayName name : places.taken()) {
            boolean _ = forget(name);
        }
        parts.folder().close();
    }
}
