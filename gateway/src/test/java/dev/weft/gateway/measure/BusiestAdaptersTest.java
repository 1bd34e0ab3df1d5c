package dev.weft.gateway.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.protocol.adapter.AdapterId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BusiestAdaptersTest {
    private static final int MOST = 200;
    private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

    /** The count of a label. */
    private static final class Series {
        private final AtomicLong count = new AtomicLong();
        private boolean closed;

        void add() {
            assertThat(closed).isFalse();
            count.incrementAndGet();
        }
    }

    /** Sums up increases series by series, as Prometheus does, and never sees one decrease. */
    private static final class Scraper {
        private final Map<Series, Long> last = new HashMap<>();
        private long increase;

        void scrape(Set<Series> exported) {
            for (Series series : exported) {
                long now = series.count.get();
                long before = last.getOrDefault(series, 0L);
                assertThat(now).isGreaterThanOrEqualTo(before);
                increase += now - before;
                last.put(series, now);
            }
        }
    }

    private final Series shared = new Series();
    private final Set<Series> exported = new HashSet<>(Set.of(shared));
    private final Set<AdapterId> withdrawn = new HashSet<>();
    private final Map<AdapterId, Series> opened = new HashMap<>();
    private Instant now = START;

    private BusiestAdapters<Series> labels(int most) {
        return new BusiestAdapters<>(
                most, shared, id -> !withdrawn.contains(id), this::open, this::close);
    }

    private Series open(AdapterId id) {
        Series series = new Series();
        exported.add(series);
        Series before = opened.put(id, series);
        assertThat(before == null || before.closed).as("a registry has one of a name").isTrue();
        return series;
    }

    private void close(Series series) {
        series.closed = true;
        exported.remove(series);
    }

    @Test
    void fiveThousandAdaptersUnderAZipfLoadThatMoves() {
        BusiestAdapters<Series> labels = labels(MOST);
        Scraper scraper = new Scraper();
        Random random = new Random(7);
        double[] cumulated = zipf(5_000);
        long requests = 0;
        for (int minute = 0; minute < 120; minute++) {
            // Every half hour others are the busy ones.
            int shift = minute / 30 * 1_000;
            for (int half = 0; half < 2; half++) {
                for (int i = 0; i < 2_000; i++) {
                    labels.book(adapter((pick(cumulated, random) + shift) % 5_000), Series::add);
                    requests++;
                }
                now = now.plusSeconds(30);
                labels.rank(now);
                scraper.scrape(exported);
                assertThat(labels.labelled()).isLessThanOrEqualTo(MOST);
                assertThat(exported.size()).isLessThanOrEqualTo(MOST + MOST / 4 + 1);
                assertThat(scraper.increase).isEqualTo(requests);
            }
            if (minute % 30 == 29) {
                assertTopHaveLabels(labels, shift, 50);
            }
        }
        assertThat(labels.labelled()).isEqualTo(MOST);
        assertThat(labels.sharing()).isBetween(1_000, 4_800);
    }

    private void assertTopHaveLabels(BusiestAdapters<Series> labels, int shift, int top) {
        assertThat(
                        IntStream.range(0, top)
                                .filter(rank -> bookedShared(labels, adapter(rank + shift)))
                                .count())
                .isZero();
    }

    private boolean bookedShared(BusiestAdapters<Series> labels, AdapterId id) {
        List<Series> booked = new ArrayList<>();
        labels.book(id, booked::add);
        return booked.getFirst() == shared;
    }

    @Test
    void aNewcomerThatIsBusyHasALabelAtTheNextRanking() {
        BusiestAdapters<Series> labels = labels(4);
        for (int i = 0; i < 4; i++) {
            ask(labels, i, 10);
        }
        rankAfter(labels, Duration.ofSeconds(30));
        ask(labels, 9, 12);
        rankAfter(labels, Duration.ofSeconds(30));
        assertThat(bookedShared(labels, adapter(9))).isTrue(); // not so much busier

        ask(labels, 9, 10);
        rankAfter(labels, Duration.ofSeconds(30));
        assertThat(bookedShared(labels, adapter(9))).isFalse();
        assertThat(labels.labelled()).isEqualTo(4);
        assertThat(labels.sharing()).isEqualTo(1);
    }

    @Test
    void seriesStayUnchangedForAWhileAndTheirCountsMoveNowhere() {
        BusiestAdapters<Series> labels = labels(1);
        ask(labels, 1, 10);
        ask(labels, 2, 30);
        rankAfter(labels, Duration.ofSeconds(30));
        Series first = opened(1);
        ask(labels, 1, 5);
        assertThat(first.count.get()).isEqualTo(10);
        assertThat(shared.count.get()).isEqualTo(35);

        rankAfter(labels, BusiestAdapters.LINGER.minusSeconds(1));
        assertThat(exported).contains(first);
        rankAfter(labels, Duration.ofSeconds(1));
        assertThat(exported).doesNotContain(first);
        assertThat(shared.count.get()).isEqualTo(35);
    }

    @Test
    void whoComesBackInTimeGoesOnWithItsSeries() {
        BusiestAdapters<Series> labels = labels(1);
        ask(labels, 1, 10);
        ask(labels, 2, 30);
        rankAfter(labels, Duration.ofSeconds(30));
        Series first = opened(1);
        withdrawn.add(adapter(2));
        rankAfter(labels, BusiestAdapters.LINGER); // the first one's is over, the other's leaves
        ask(labels, 1, 1);
        assertThat(opened(1)).isNotSameAs(first);
        withdrawn.clear();
        Series second = opened(2);
        ask(labels, 2, 200);
        rankAfter(labels, Duration.ofSeconds(30));
        assertThat(opened(2)).isSameAs(second);
    }

    @Test
    void whoIsNoLongerInTheCatalogLosesItsLabelAndIsForgotten() {
        BusiestAdapters<Series> labels = labels(4);
        ask(labels, 1, 3);
        withdrawn.add(adapter(1));
        rankAfter(labels, Duration.ofSeconds(30));
        assertThat(labels.labelled()).isZero();
        rankAfter(labels, Duration.ofHours(1));
        rankAfter(labels, Duration.ofHours(1));
        assertThat(exported).containsExactly(shared);
        assertThat(labels.sharing()).isZero();
    }

    @Test
    void nobodyHasALabelWhereNoneIsAllowed() {
        BusiestAdapters<Series> labels = labels(0);
        ask(labels, 1, 3);
        rankAfter(labels, Duration.ofSeconds(30));
        assertThat(shared.count.get()).isEqualTo(3);
        assertThat(labels.sharing()).isEqualTo(1);
    }

    @Test
    void noBookingIsLostWhileLabelsChangeHands() throws Exception {
        BusiestAdapters<Series> labels = labels(3);
        Set<Series> all = ConcurrentHashMap.newKeySet();
        CountDownLatch over = new CountDownLatch(4);
        for (int thread = 0; thread < 4; thread++) {
            Random random = new Random(thread);
            Thread.ofPlatform()
                    .start(() -> {
                        for (int i = 0; i < 50_000; i++) {
                            labels.book(
                                    adapter(random.nextInt(10)),
                                    series -> {
                                        series.add();
                                        all.add(series);
                                    });
                        }
                        over.countDown();
                    });
        }
        while (over.getCount() > 0) {
            rankAfter(labels, BusiestAdapters.LINGER);
        }
        assertThat(all.stream().mapToLong(series -> series.count.get()).sum()).isEqualTo(200_000);
    }

    private Series opened(int adapter) {
        return Objects.requireNonNull(opened.get(adapter(adapter)));
    }

    private void rankAfter(BusiestAdapters<Series> labels, Duration pause) {
        now = now.plus(pause);
        labels.rank(now);
    }

    private static void ask(BusiestAdapters<Series> labels, int adapter, int times) {
        for (int i = 0; i < times; i++) {
            labels.book(adapter(adapter), Series::add);
        }
    }

    private static AdapterId adapter(int number) {
        return AdapterId.of("a" + number % 5_000);
    }

    private static double[] zipf(int size) {
        double[] cumulated = new double[size];
        double sum = 0;
        for (int rank = 0; rank < size; rank++) {
            sum += 1.0 / (rank + 1);
            cumulated[rank] = sum;
        }
        return cumulated;
    }

    private static int pick(double[] cumulated, Random random) {
        double at = random.nextDouble() * cumulated[cumulated.length - 1];
        int found = Arrays.binarySearch(cumulated, at);
        return Math.min(found < 0 ? -found - 1 : found, cumulated.length - 1);
    }
}
