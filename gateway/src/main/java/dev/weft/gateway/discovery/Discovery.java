package dev.weft.gateway.discovery;

import dev.weft.gateway.discovery.source.FoundAddresses;
import dev.weft.gateway.discovery.source.SourceListener;
import dev.weft.gateway.discovery.source.SourceName;
import dev.weft.gateway.discovery.source.WorkerSource;
import dev.weft.gateway.worker.ListedWorker;
import dev.weft.gateway.worker.WorkerPool;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one list of what all sources know. A worker that several of them know is one worker, and
 * drains if any of them says so. If there are more than the gateway may know, those that it knows
 * already stay. Any thread.
 */
public final class Discovery implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    private final List<WorkerSource> sources;
    private final WorkerPool pool;
    private final int most;
    private final Map<SourceName, KnownBySource> known = new EnumMap<>(SourceName.class);
    private Map<URI, ListedWorker> list = Map.of();
    private volatile int leftOut;

    /**
     * A list that is empty until the start.
     *
     * @param pool is kept up to date with the list
     * @param most workers on the list
     */
    Discovery(List<WorkerSource> sources, WorkerPool pool, int most) {
        this.sources = List.copyOf(sources);
        this.pool = pool;
        this.most = most;
        for (WorkerSource source : sources) {
            known.put(source.name(), new KnownBySource(source.name(), System::nanoTime));
        }
    }

    /** Starts to look for workers. Those of the deployment file are known when it returns. */
    public void start() {
        sources.forEach(source -> source.start(heard(source.name())));
    }

    private SourceListener heard(SourceName name) {
        return new SourceListener() {
            @Override
            public void found(Collection<ListedWorker> workers, List<String> problems) {
                take(name, workers, problems);
            }

            @Override
            public void failed(String why) {
                synchronized (Discovery.this) {
                    of(name).failed(why);
                }
            }
        };
    }

    private synchronized void take(
            SourceName name, Collection<ListedWorker> workers, List<String> problems) {
        of(name).found(List.copyOf(workers), problems);
        Map<URI, ListedWorker> now = bounded(merged());
        if (!now.equals(list)) {
            tell(name, list, now);
            list = now;
            pool.take(now.values());
        }
    }

    private KnownBySource of(SourceName name) {
        KnownBySource source = known.get(name);
        if (source == null) {
            throw new IllegalStateException("no source " + name);
        }
        return source;
    }

    private Map<URI, ListedWorker> merged() {
        Map<URI, ListedWorker> merged = new LinkedHashMap<>();
        for (KnownBySource source : known.values()) {
            for (ListedWorker worker : source.workers()) {
                merged.merge(FoundAddresses.key(worker.address()), worker, Discovery::one);
            }
        }
        return merged;
    }

    private static ListedWorker one(ListedWorker first, ListedWorker second) {
        return new ListedWorker(first.address(), first.draining() || second.draining());
    }

    private Map<URI, ListedWorker> bounded(Map<URI, ListedWorker> all) {
        int over = all.size() - most;
        if (over > 0 && leftOut == 0) {
            LOG.warn(
                    "{} workers are found, and weft.gateway.discovery.max-workers allows {}: the"
                            + " others are left out",
                    all.size(),
                    most);
        }
        leftOut = Math.max(0, over);
        if (over <= 0) {
            return all;
        }
        Map<URI, ListedWorker> kept = new LinkedHashMap<>();
        for (boolean before : new boolean[] {true, false}) {
            all.forEach((key, worker) -> {
                if (list.containsKey(key) == before && kept.size() < most) {
                    kept.put(key, worker);
                }
            });
        }
        return kept;
    }

    private static void tell(
            SourceName name, Map<URI, ListedWorker> before, Map<URI, ListedWorker> now) {
        Set<URI> drainingBefore = draining(before);
        List<String> changes = new ArrayList<>();
        change("added", without(now.keySet(), before.keySet()), changes);
        change("gone", without(before.keySet(), now.keySet()), changes);
        change("draining", without(draining(now), drainingBefore), changes);
        change("no longer draining", without(drainingBefore, draining(now)), changes);
        LOG.info(
                "workers on the list: {}; by {}: {}",
                now.size(),
                name.word(),
                String.join(", ", changes));
    }

    private static void change(String what, Set<URI> workers, List<String> changes) {
        if (!workers.isEmpty()) {
            changes.add(what + " " + workers);
        }
    }

    private static Set<URI> draining(Map<URI, ListedWorker> list) {
        return list.entrySet().stream()
                .filter(entry -> entry.getValue().draining())
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static Set<URI> without(Set<URI> all, Set<URI> others) {
        return all.stream().filter(key -> !others.contains(key)).collect(Collectors.toSet());
    }

    /** How many workers were found and left out, since there are too many. */
    int leftOut() {
        return leftOut;
    }

    /** The names of all sources. */
    Collection<SourceName> sources() {
        return known.keySet();
    }

    KnownBySource known(SourceName name) {
        return of(name);
    }

    /** What each source knows, in words for people; and if it can't be asked, why. */
    public Map<String, String> described() {
        Map<String, String> described = new TreeMap<>();
        known.forEach((name, source) ->
                described.put(
                        name.word(),
                        source.workers().size()
                                + " workers"
                                + (source.problem().isEmpty()
                                        ? ""
                                        : ", of before; now " + source.problem())));
        return described;
    }

    @Override
    public void close() {
        sources.forEach(WorkerSource::close);
    }
}
