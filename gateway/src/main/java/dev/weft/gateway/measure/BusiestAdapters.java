package dev.weft.gateway.measure;

import dev.weft.protocol.adapter.AdapterId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides which adapters have a label of their own in metrics: the busiest ones, up to a maximum.
 * The others share one.
 *
 * <p>An adapter is busy if it was requested often recently: requests count half as much with every
 * {@link #HALF_LIFE} that passes. While labels are free, an adapter gets one with its first
 * request. Later, an adapter that is {@link #LEAD} times as busy as the least busy one with a label
 * takes its place at the next ranking. An adapter without its label counts under the shared one
 * from then on. Its series stay unchanged for {@link #LINGER}, so that every scraper has seen their
 * last values, and are then closed. No count is ever moved from one series to another: Prometheus
 * takes rates series by series, and would see requests that were never made.
 *
 * <p>At any time there are series for {@code most} labels, for a quarter of that number of
 * lingering ones, and for the shared one. Any thread books; one thread at a time ranks.
 *
 * @param <S> the series of one label
 */
final class BusiestAdapters<S> {
    static final Duration HALF_LIFE = Duration.ofMinutes(5);
    static final Duration LINGER = Duration.ofMinutes(5);

    /** A newcomer must be that much busier, so that two similar adapters do not take turns. */
    static final double LEAD = 1.5;

    /** One request has this score after 22 minutes; an adapter below it is forgotten. */
    private static final double LEAST_SCORE = 0.05;

    private final int most;
    private final int mostLingering;
    private final S shared;
    private final Predicate<AdapterId> known;
    private final Function<AdapterId, S> open;
    private final Consumer<S> close;
    private final Map<AdapterId, Standing<S>> seen = new ConcurrentHashMap<>();

    /** Booking holds it for reading, so that no series is closed meanwhile. */
    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    // Both change under the lock.
    private final Set<Standing<S>> holders = new LinkedHashSet<>();
    private final Set<Standing<S>> leavers = new LinkedHashSet<>();

    private volatile int labelled;
    private @Nullable Instant ranked;

    /** An adapter that was requested recently. */
    private static final class Standing<S> {
        final AdapterId id;
        final AtomicLong fresh = new AtomicLong();

        /** Its score, which only the ranking thread uses. */
        double score;

        // These change under the lock.
        volatile boolean labelled;
        @Nullable S series;
        Instant left = Instant.MIN;

        Standing(AdapterId id) {
            this.id = id;
        }
    }

    /**
     * Creates the labels; no adapter has one yet.
     *
     * @param most with a label of their own
     * @param shared the series of all others
     * @param known the catalog has the adapter
     * @param open makes the series of an adapter's label
     * @param close removes an adapter's series
     */
    BusiestAdapters(
            int most,
            S shared,
            Predicate<AdapterId> known,
            Function<AdapterId, S> open,
            Consumer<S> close) {
        this.most = most;
        this.mostLingering = most == 0 ? 0 : Math.max(1, most / 4);
        this.shared = shared;
        this.known = known;
        this.open = open;
        this.close = close;
    }

    /** Counts a request for an adapter, and books it in the adapter's present series. */
    void book(AdapterId id, Consumer<S> booking) {
        if (labelled < most) {
            labelIfFree(id);
        }
        lock.readLock().lock();
        try {
            Standing<S> standing = seen.computeIfAbsent(id, Standing::new);
            standing.fresh.incrementAndGet();
            S own = standing.labelled ? standing.series : null;
            booking.accept(own == null ? shared : own);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The number of adapters with a label of their own. */
    int labelled() {
        return labelled;
    }

    /** The number of adapters that were requested recently and have no label. */
    int sharing() {
        return Math.max(0, seen.size() - labelled);
    }

    /** Visits all series that are not shared, those that linger too. */
    void each(Consumer<S> visit) {
        lock.readLock().lock();
        try {
            Stream.concat(holders.stream(), leavers.stream())
                    .flatMap(standing -> Stream.ofNullable(standing.series))
                    .forEach(visit);
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Ranks adapters by their requests since the last time, and lets labels change hands. */
    synchronized void rank(Instant now) {
        score(now);
        List<Standing<S>> quiet = all(standing -> standing.score < LEAST_SCORE);
        List<Standing<S>> busiest =
                all(standing -> !standing.labelled && known.test(standing.id)).stream()
                        .sorted(Comparator.comparingDouble((Standing<S> s) -> s.score).reversed())
                        .limit(most)
                        .toList();
        lock.writeLock().lock();
        try {
            // before one of them gets a label again: its new series have the same names
            endLingering(now).forEach(close);
            quiet.forEach(this::forget);
            List.copyOf(holders).stream()
                    .filter(holder -> !known.test(holder.id))
                    .forEach(holder -> unlabel(holder, now));
            exchange(busiest, now);
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void score(Instant now) {
        double passed = ranked == null ? 0 : Duration.between(ranked, now).toMillis();
        double kept = Math.pow(0.5, passed / HALF_LIFE.toMillis());
        for (Standing<S> standing : seen.values()) {
            standing.score = standing.score * kept + standing.fresh.getAndSet(0);
        }
        ranked = now;
    }

    private List<Standing<S>> all(Predicate<Standing<S>> of) {
        return seen.values().stream().filter(of).toList();
    }

    /** The series whose last values every scraper has seen. */
    private List<S> endLingering(Instant now) {
        List<S> over = new ArrayList<>();
        for (Standing<S> leaver : List.copyOf(leavers)) {
            S series = leaver.series;
            if (series != null && !now.isBefore(leaver.left.plus(LINGER))) {
                over.add(series);
                leaver.series = null;
                leavers.remove(leaver);
            }
        }
        return over;
    }

    private void forget(Standing<S> standing) {
        if (standing.series == null && standing.fresh.get() == 0) {
            seen.remove(standing.id, standing);
        }
    }

    /** Gives away free labels first, then those of adapters that are less busy. */
    private void exchange(List<Standing<S>> busiest, Instant now) {
        Iterator<Standing<S>> weakest =
                holders.stream()
                        .sorted(Comparator.comparingDouble(holder -> holder.score))
                        .toList()
                        .iterator();
        for (Standing<S> candidate : busiest) {
            if (candidate.labelled || !candidate.equals(seen.get(candidate.id))) {
                continue; // it got a label meanwhile, or was forgotten
            }
            if (labelled >= most && !displace(candidate, weakest, now)) {
                return;
            }
            label(candidate);
        }
    }

    private boolean displace(Standing<S> candidate, Iterator<Standing<S>> weakest, Instant now) {
        if (!weakest.hasNext()) {
            return false;
        }
        Standing<S> holder = weakest.next();
        return candidate.score > LEAD * holder.score && unlabel(holder, now);
    }

    private void labelIfFree(AdapterId id) {
        Standing<S> before = seen.get(id);
        if (before != null && before.labelled) {
            return;
        }
        lock.writeLock().lock();
        try {
            Standing<S> standing = seen.computeIfAbsent(id, Standing::new);
            if (!standing.labelled && labelled < most) {
                label(standing);
            }
        } finally {
            lock.writeLock().unlock();
        }
    }

    private void label(Standing<S> standing) {
        leavers.remove(standing); // whose series go on as before
        if (standing.series == null) {
            standing.series = open.apply(standing.id);
        }
        standing.labelled = true;
        holders.add(standing);
        labelled = holders.size();
    }

    /** Takes a label away; false if too many series linger already. */
    private boolean unlabel(Standing<S> standing, Instant now) {
        if (!standing.labelled || leavers.size() >= mostLingering) {
            return false;
        }
        standing.labelled = false;
        standing.left = now;
        leavers.add(standing);
        holders.remove(standing);
        labelled = holders.size();
        return true;
    }
}
