package dev.weft.inference.server.residency.slot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.adapter.AdapterDigest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Four times as many live adapters as slots, popular as one over their rank (zipf 1.0): a worker
 * simulated step by step around the real {@link AdapterSlots}, without threads or a real clock.
 * Clients ask again as soon as they are answered; an engine gives rows in the order of requests and
 * makes one token for each row and step; it holds some adapters that have left their slot, others
 * take a load.
 */
class SlotFairnessTest {
    private static final int SLOTS = 16;
    private static final int ADAPTERS = 4 * SLOTS;
    private static final int ROWS = 32;
    private static final int HOST_CACHE = 8;
    private static final int STEPS = 20_000;
    private static final int LEAST_TOKENS = 16;
    private static final int MOST_TOKENS = 112;
    private static final Duration STEP = Duration.ofMillis(20);
    private static final int TURN_STEPS = 25;

    private static final class Request {
        final int adapter;
        final int asked;
        final SlotTicket ticket;
        final int place;
        int granted = -1;
        int left;

        Request(int adapter, int tokens, int asked, SlotTicket ticket, int place) {
            this.adapter = adapter;
            this.asked = asked;
            this.ticket = ticket;
            this.place = place;
            this.left = tokens;
        }
    }

    private record Load(AdapterDigest digest, int done) {}

    /** One simulated worker; its clock stands at step {@code now}. */
    private static final class Run implements SlotWork {
        private final SplittableRandom random;
        private final int loadSteps;
        private final AdapterSlots slots =
                new AdapterSlots(SLOTS, STEP.multipliedBy(TURN_STEPS), this::nanos, this);
        private final LinkedHashSet<AdapterDigest> held = new LinkedHashSet<>();
        private final Deque<Load> loading = new ArrayDeque<>();
        private final List<Request> waiting = new ArrayList<>();
        private final Deque<Request> engineQueue = new ArrayDeque<>();
        private final List<Request> rows = new ArrayList<>();
        private final List<Request> granted = new ArrayList<>();
        private final long[] asked = new long[ADAPTERS];
        private final long[] served = new long[ADAPTERS];
        private int now;
        private long tokens;
        private int longestLease;
        private int longestWait;

        Run(long seed, int loadSteps) {
            this.random = new SplittableRandom(seed);
            this.loadSteps = loadSteps;
        }

        private long nanos() {
            return now * STEP.toNanos();
        }

        void go(int clients) {
            int free = clients;
            for (now = 0; now < STEPS; now++) {
                while (!loading.isEmpty() && loading.getFirst().done <= now) {
                    slots.loaded(loading.removeFirst().digest);
                }
                for (int i = 0; i < free; i++) {
                    ask();
                }
                takeGranted();
                while (rows.size() < ROWS && !engineQueue.isEmpty()) {
                    rows.add(engineQueue.removeFirst());
                }
                free = step();
            }
        }

        private void ask() {
            int adapter = zipf();
            int count = random.nextInt(LEAST_TOKENS, MOST_TOKENS + 1);
            asked[adapter] += count;
            SlotTicket ticket = slots.request(digest(adapter));
            waiting.add(new Request(adapter, count, now, ticket, slots.awaited().size()));
        }

        private void takeGranted() {
            for (Request request : List.copyOf(waiting)) {
                if (request.ticket.granted().isDone()) {
                    waiting.remove(request);
                    request.granted = now;
                    longestWait = Math.max(longestWait, now - request.asked);
                    granted.add(request);
                    engineQueue.add(request);
                }
            }
        }

        private int step() {
            int ended = 0;
            tokens += rows.size();
            for (Request request : List.copyOf(rows)) {
                served[request.adapter]++;
                if (--request.left == 0) {
                    rows.remove(request);
                    longestLease = Math.max(longestLease, now + 1 - request.granted);
                    slots.close(request.ticket);
                    ended++;
                }
            }
            return ended;
        }

        private int zipf() {
            double pick =
                    random.nextDouble()
                            * IntStream.range(0, ADAPTERS).mapToDouble(Run::weight).sum();
            int adapter = 0;
            while (adapter < ADAPTERS - 1 && pick > weight(adapter)) {
                pick -= weight(adapter++);
            }
            return adapter;
        }

        private static double weight(int adapter) {
            return 1.0 / (adapter + 1);
        }

        /** The bound that {@link AdapterSlots} states, for every request. */
        void assertBound() {
            for (Request request : granted) {
                assertThat(request.granted - request.asked)
                        .as("adapter %d, place %d", request.adapter, request.place)
                        .isLessThanOrEqualTo(bound(request.place));
            }
            for (Request request : waiting) {
                assertThat(now - request.asked).isLessThanOrEqualTo(bound(request.place));
            }
        }

        /** A step later than in the open: an answer's end is seen at the next step. */
        private int bound(int place) {
            int turns = (place + SLOTS - 1) / SLOTS;
            return turns * (loadSteps + TURN_STEPS + longestLease + 1) + loadSteps;
        }

        /** The share of its demand that the worst served adapter got. */
        double leastShare() {
            return IntStream.range(0, ADAPTERS)
                    .filter(i -> asked[i] > 0)
                    .mapToDouble(i -> (double) served[i] / asked[i])
                    .min()
                    .orElseThrow();
        }

        /** Mean wait of the adapter that waits longest, over the mean of all requests. */
        double mostWait() {
            double mean = meanWait(-1);
            return IntStream.range(0, ADAPTERS).mapToDouble(this::meanWait).max().orElseThrow()
                    / mean;
        }

        private double meanWait(int adapter) {
            return granted.stream()
                    .filter(r -> adapter < 0 || r.adapter == adapter)
                    .mapToInt(r -> r.granted - r.asked)
                    .average()
                    .orElse(0);
        }

        @Override
        public boolean fetch(String tenant, AdapterDigest digest) {
            return true;
        }

        @Override
        public void evict(AdapterDigest digest) {
            held.add(digest);
            if (held.size() > HOST_CACHE) {
                held.removeFirst();
            }
        }

        @Override
        public boolean reload(AdapterDigest digest) {
            return held.remove(digest);
        }

        @Override
        public void load(String tenant, AdapterDigest digest) {
            loading.add(new Load(digest, now + loadSteps));
        }
    }

    @ParameterizedTest(name = "{0} clients, loads of {1} steps")
    @CsvSource({
        "32, 1, 110, 0.85, 5",
        "64, 1, 200, 0.95, 2",
        "64, 10, 220, 0.92, 2",
        "256, 1, 900, 0.99, 2",
    })
    void nobodyWaitsLongerThanTheBoundAndEverybodyHasHisShare(
            int clients, int loadSteps, int longestWait, double fill, double mostWait) {
        for (long seed = 0; seed < 5; seed++) {
            Run run = new Run(seed, loadSteps);
            run.go(clients);
            run.assertBound();
            assertThat(run.longestWait).as("steps, seed %d", seed).isLessThan(longestWait);
            assertThat((double) run.tokens / STEPS / ROWS).as("batch").isGreaterThan(fill);
            assertThat(run.leastShare()).as("the least share").isGreaterThan(0.85);
            assertThat(run.mostWait()).as("the longest mean wait").isLessThan(mostWait);
        }
    }

    private static AdapterDigest digest(int adapter) {
        return new AdapterDigest("%064x".formatted(adapter));
    }
}
