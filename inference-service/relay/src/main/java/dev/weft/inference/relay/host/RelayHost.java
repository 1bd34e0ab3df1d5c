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
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adapters at a server beside the worker. A slot is a place in the server's batch: never more
 * adapters than those are asked for at once, so that the server starves none. Others stay
 * registered up to the number that the server holds in memory, so that it never reads one from the
 * disk again. Adapters are loaded one at a time, and leave the server only when no request uses
 * them. Any thread; loads block.
 */
public final class RelayHost implements AdapterHost, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RelayHost.class);
    private static final Duration UNLOAD = Duration.ofSeconds(30);
    private static final Duration LAST_UNLOADS = Duration.ofSeconds(3);

    private final Parts parts;
    private final int slots;
    private final AdapterShelf<RelayedAdapter> shelf;
    private final ToldAdapters told;
    private final Doubts doubts = new Doubts();

    /** The adapters by their numbers at the server; a number never goes to a second one. */
    private final Map<Long, RelayName> numbers = new ConcurrentHashMap<>();

    /** How many loads of an adapter are under way: the server may know it before the shelf does. */
    private final Map<RelayName, Integer> coming = new ConcurrentHashMap<>();

    /** Moment after which no server is waited for any more; {@link System#nanoTime()}. */
    private volatile @Nullable Long closingUntil;

    /**
     * What a host is made of.
     *
     * @param folder closed with the host
     * @param base the server's name of the base
     */
    public record Parts(ServerCalls calls, Dialect dialect, SharedFolder folder, String base) {}

    public RelayHost(Parts parts, ServerPlan.Limits limits) {
        this.parts = parts;
        this.slots = limits.slots();
        this.shelf =
                new AdapterShelf<>(
                        new ShelfSize(
                                limits.slots(), Long.MAX_VALUE, limits.held() - limits.slots()));
        this.told = new ToldAdapters(parts);
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
            doubts.settle(name, () -> told.bring(name, patience()));
            return name;
        });
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

    /** What is known of a server that is compared with this host. */
    enum Seen {
        /** Nothing: adapters whose folder it doesn't tell are leftovers of an earlier life. */
        FIRST,
        /** It was well at the last look. */
        WELL,
        /** It was not, and may have started again. */
        AFTER_TROUBLE
    }

    /**
     * Makes the server hold what this host holds, and nothing else of Weft's: loads what it has
     * forgotten, and unloads what an earlier life of this worker has left. A server that doesn't
     * list its adapters has to prove them after a time away.
     *
     * @return why the server can't be used; empty if it can
     */
    Optional<String> agree(ListedModels served, Seen seen) {
        if (!told.keepLoadsOut()) {
            // the next look compares
            return seen == Seen.AFTER_TROUBLE
                    ? Optional.of("a load is under way, and what it holds is not known yet")
                    : Optional.empty();
        }
        List<Written> missing;
        try {
            Optional<String> trouble =
                    parts.dialect().lists() ? compare(served, seen) : Optional.empty();
            if (trouble.isPresent()) {
                return trouble;
            }
            missing = missing(served, seen);
        } finally {
            told.letLoads();
        }
        return bringBack(missing, seen);
    }

    private Optional<String> compare(ListedModels served, Seen seen) {
        Set<RelayName> mine = new HashSet<>(coming.keySet());
        held().forEach(adapter -> mine.add(adapter.name()));
        for (Map.Entry<RelayName, String> other : served.adapters().entrySet()) {
            if (!mine.contains(other.getKey())
                    && !isLeftOver(other.getValue(), seen == Seen.FIRST)) {
                return Optional.of(
                        "another worker uses the server: it has loaded "
                                + other.getKey()
                                + " from "
                                + other.getValue());
            }
        }
        served.adapters().keySet().stream()
                .filter(name -> !mine.contains(name))
                .forEach(name -> told.untell(name, UNLOAD));
        return seen == Seen.AFTER_TROUBLE && served.adapters().isEmpty()
                ? learnAgain()
                : Optional.empty();
    }

    private List<Written> missing(ListedModels served, Seen seen) {
        if (!parts.dialect().lists()) {
            return seen == Seen.AFTER_TROUBLE ? held() : List.of();
        }
        return held().stream().filter(it -> !served.adapters().containsKey(it.name())).toList();
    }

    /** A server that has started again may compute otherwise than before. */
    private Optional<String> learnAgain() {
        try {
            told.learn();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("the base does not answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    /** Deletes folders that nobody uses any more. */
    void sweep() {
        parts.folder().sweep();
    }

    private boolean isLeftOver(String root, boolean starting) {
        return root.isEmpty() ? starting : parts.folder().holds(root);
    }

    private List<Written> held() {
        List<Written> held = new ArrayList<>();
        shelf.forEach(adapter -> held.add(adapter.written()));
        return held;
    }

    /** Loads adapters again; tells why the server can't be used, if it can't. */
    private Optional<String> bringBack(List<Written> adapters, Seen seen) {
        List<RelayName> names =
                adapters.stream()
                        .map(Written::name)
                        .filter(name -> seen == Seen.AFTER_TROUBLE || !doubts.isRefused(name))
                        .toList();
        names.forEach(seen == Seen.AFTER_TROUBLE ? doubts::raiseAnew : doubts::raise);
        for (RelayName name : names) {
            String digest = name.digest().abbreviated();
            try {
                settle(name.digest());
                LOG.info("adapter {} is back at the server", digest);
            } catch (EngineException e) {
                if (e.reason() != EngineException.Cause.INVALID_ADAPTER) {
                    return Optional.of("adapter " + digest + " is not back: " + e.getMessage());
                }
                // its own requests fail; others' go on
                LOG.error("adapter {} does not come back: {}", digest, e.getMessage());
            }
        }
        return Optional.empty();
    }

    private RelayedAdapter register(RelayName name, LoraAdapter adapter) {
        return reported(() -> {
            RelayName other = numbers.putIfAbsent(name.number(), name);
            if (other != null && !other.equals(name)) {
                throw EngineException.invalidAdapter(
                        "its digest begins like that of " + other.digest());
            }
            Written written = write(name, adapter);
            try {
                told.bring(name, patience());
                return new RelayedAdapter(written, this::release);
            } catch (EngineException | IOException | InterruptedException e) {
                release(written);
                throw e;
            }
        });
    }

    private Written write(RelayName name, LoraAdapter adapter) throws IOException {
        try {
            return parts.folder().write(name, adapter);
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw EngineException.invalidAdapter(
                    "it can't be written for the server: " + e.getMessage());
        }
    }

    private interface Work<T> {
        T run() throws IOException, InterruptedException;
    }

    /** Runs work whose failures are the server's. */
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
     * Takes an adapter away from the server; its folder goes only if the server knows it no more.
     */
    private void release(Written adapter) {
        doubts.drop(adapter.name());
        if (told.untell(adapter.name(), patience())) {
            parts.folder().retire(adapter.name());
        }
    }

    /** All unloads of a host that closes share a few seconds. */
    private Duration patience() {
        Long until = closingUntil;
        return until == null ? UNLOAD : Duration.ofNanos(Math.max(0, until - System.nanoTime()));
    }

    /** Asks the base what it thinks without adapters, before there are any. */
    void learn() throws IOException, InterruptedException {
        told.learn();
    }

    /** Unloads all adapters, for a few seconds at most, and gives the folder back. */
    @Override
    public void close() {
        closingUntil = System.nanoTime() + LAST_UNLOADS.toNanos();
        shelf.close();
        parts.folder().close();
    }
}
