package dev.weft.catalog.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.weft.catalog.database.Database;
import dev.weft.catalog.database.EmptyDatabases;
import dev.weft.catalog.database.OnEachDatabase;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.usage.Payer;
import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCounts;
import dev.weft.protocol.usage.UsageSubject;
import dev.weft.protocol.usage.Used;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the books on every database. */
@OnEachDatabase
class UsageBooksTest {
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-30T10:00:00Z"), ZoneOffset.UTC);
    private static final int DAYS = 100;
    private static final LocalDate DAY = LocalDate.parse("2026-11-30");
    private static final Payer ANNA = new Payer(3, "anna", "acme");
    private static final Payer OTTO = new Payer(4, "otto", "other");
    private static final Payer NOBODY = new Payer(0, "anonymous", "default");
    private static final Used BASE = new Used("acme/base", null);
    private static final UsageCounts ONE = new UsageCounts(1, 0, 10, 4, 5, 700);

    private final EmptyDatabases databases;
    @TempDir private Path data;
    @AutoClose private Database database;
    private UsageBooks books;

    UsageBooksTest(EmptyDatabases databases) {
        this.databases = databases;
    }

    @BeforeEach
    void start() throws Exception {
        database = databases.create(data);
        books = new UsageBooks(database, DAYS, CLOCK);
    }

    @Test
    void aBatchThatComesTwiceCountsOnceAndAnEarlierOneNoMore() {
        UsageBatch first = batch("a", 1, line(DAY, ANNA, sql(1), ONE));
        books.book(first);
        books.book(first);
        books.book(batch("a", 3, line(DAY, ANNA, sql(1), ONE)));
        books.book(batch("a", 2, line(DAY, ANNA, sql(1), ONE)));
        books.book(batch("b", 1, line(DAY, ANNA, sql(1), ONE)));
        assertThat(total(null, null)).isEqualTo(new UsageCounts(3, 0, 30, 12, 15, 2100));
    }

    @Test
    void sumsAreKeptApartByWhatIsAskedFor() {
        books.book(
                batch(
                        "a",
                        1,
                        line(DAY, ANNA, sql(1), ONE),
                        line(DAY, ANNA, sql(2), ONE),
                        line(DAY, ANNA, BASE, ONE),
                        line(DAY.minusDays(1), ANNA, sql(1), new UsageCounts(2, 1, 0, 0, 0, 0)),
                        line(DAY, OTTO, sql(1), ONE),
                        line(DAY, NOBODY, BASE, ONE)));
        assertThat(sums(UsageGroup.tenant))
                .extracting(UsageSum::tenant, sum -> sum.counts().requests())
                .containsExactly(tuple("acme", 5L), tuple("default", 1L), tuple("other", 1L));
        assertThat(sums(UsageGroup.key))
                .extracting(UsageSum::key, UsageSum::keyName, sum -> sum.counts().errors())
                .containsExactly(
                        tuple(0L, "anonymous", 0L), tuple(3L, "anna", 1L), tuple(4L, "otto", 0L));
        assertThat(sums(UsageGroup.version))
                .extracting(sum -> model(sum).adapter(), sum -> model(sum).number())
                .containsExactly(tuple("", 0), tuple("sql", 1), tuple("sql", 2));
        assertThat(sums(UsageGroup.day, UsageGroup.adapter))
                .extracting(
                        UsageSum::day, sum -> model(sum).adapter(), sum -> sum.counts().requests())
                .containsExactly(
                        tuple(DAY.minusDays(1), "sql", 2L),
                        tuple(DAY, "", 2L),
                        tuple(DAY, "sql", 3L));
        assertThat(total("acme", "sql")).isEqualTo(new UsageCounts(4, 1, 20, 8, 10, 1400));
        assertThat(total("nobody", null)).isNull();
    }

    @Test
    void aPageBeginsWhereTheOneBeforeEnded() {
        List<UsageBatch.Line> lines = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            lines.add(line(DAY, new Payer(i + 1, "k" + i, "acme"), BASE, ONE));
        }
        books.book(new UsageBatch("a", 1, lines));
        UsageSelection byKey = selection(null, null, UsageGroup.key);
        assertThat(books.sums(byKey, UsagePlace.BEGINNING, 4))
                .extracting(UsageSum::key)
                .containsExactly(1L, 2L, 3L, 4L);
        assertThat(books.sums(byKey, new UsagePlace(List.of(), 4), 4))
                .extracting(UsageSum::key)
                .containsExactly(5L, 6L, 7L);
    }

    /** Pages by number would tell the last sum again once another one comes in before it. */
    @Test
    void noSumIsToldTwiceOrLeftOutThoughOthersComeBetweenPages() {
        books.book(
                batch(
                        "a",
                        1,
                        line(DAY, ANNA, sql(1), ONE),
                        line(DAY, ANNA, BASE, ONE),
                        line(DAY, OTTO, sql(2), ONE),
                        line(DAY.minusDays(1), NOBODY, BASE, ONE),
                        line(DAY.minusDays(1), ANNA, sql(2), ONE)));
        for (UsageGroup[] groups :
                new UsageGroup[][] {
                    {UsageGroup.day},
                    {UsageGroup.tenant},
                    {UsageGroup.key},
                    {UsageGroup.version},
                    {UsageGroup.tenant, UsageGroup.adapter},
                    UsageGroup.values()
                }) {
            UsageSelection asked = selection(null, null, groups);
            List<UsageSum> all = books.sums(asked, UsagePlace.BEGINNING, 100);
            List<UsageSum> paged = new ArrayList<>();
            UsagePlace place = UsagePlace.BEGINNING;
            for (int page = 0; page < all.size(); page++) {
                List<UsageSum> next = books.sums(asked, place, 1);
                paged.addAll(next);
                String text = UsagePlace.behind(next.getFirst(), asked).text();
                place = new UsagePlace(UsagePlace.read(text, asked.columns()).orElseThrow(), 0);
            }
            assertThat(paged).isEqualTo(all);
            assertThat(books.sums(asked, place, 1)).isEmpty();
        }

        UsageSelection byKey = selection(null, null, UsageGroup.key);
        UsageSum anna = books.sums(byKey, new UsagePlace(List.of(), 1), 1).getFirst();
        books.book(batch("a", 2, line(DAY, new Payer(1, "early", "acme"), BASE, ONE)));
        assertThat(books.sums(byKey, UsagePlace.behind(anna, byKey), 10))
                .extracting(UsageSum::keyName)
                .containsExactly("otto");
    }

    @Test
    void batchesOfSeveralGatewaysAtOnceAllCount() throws Exception {
        int gateways = 6;
        int each = 20;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int gateway = 0; gateway < gateways; gateway++) {
                String instance = "g" + gateway;
                boolean turned = gateway % 2 == 0;
                running.add(threads.submit(() -> bookTwice(instance, each, turned)));
            }
            for (Future<?> gateway : running) {
                gateway.get();
            }
        }
        long lines = 2L * gateways * each;
        assertThat(total(null, null))
                .isEqualTo(
                        new UsageCounts(lines, 0, 10 * lines, 4 * lines, 5 * lines, 700 * lines));
    }

    @Test
    void monthsThatAreKeptNoLongerAreRemovedInBatchesAndOthersStayWhole() {
        // 100 days before the 30th of November is the 22nd of August
        LocalDate first = LocalDate.parse("2026-08-01");
        List<UsageBatch.Line> lines = new ArrayList<>();
        for (int day = 1; day <= 3; day++) {
            for (int key = 1; key <= 5; key++) {
                lines.add(line(first.minusDays(day), new Payer(key, "k", "acme"), sql(key), ONE));
            }
            lines.add(line(first.plusDays(day - 1), ANNA, sql(1), ONE));
        }
        lines.add(line(DAY, ANNA, sql(1), ONE));
        books.book(new UsageBatch("a", 1, lines));
        assertThat(since(first.minusDays(30))).isEqualTo(4);
        assertThat(rows()).isEqualTo(19);

        List<Integer> removed = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            removed.add(books.forget(6));
        }
        assertThat(removed).containsExactly(6, 6, 3, 0);
        assertThat(rows()).isEqualTo(4);
        assertThat(since(first)).isEqualTo(4);
        assertThat(books.spent(3).tokens()).isEqualTo(15);
    }

    /** Requests from a day on, as the books tell them. */
    private long since(LocalDate from) {
        UsageSelection all =
                new UsageSelection(from, DAY, EnumSet.of(UsageGroup.tenant), null, null);
        return books.sums(all, UsagePlace.BEGINNING, 100).stream()
                .mapToLong(sum -> sum.counts().requests())
                .sum();
    }

    private long rows() {
        return database.transaction(tx ->
                tx.sql("SELECT COUNT(*) FROM usage_days")
                        .query((row, _) -> row.getLong(1))
                        .single());
    }

    /**
     * @param turned the other order of lines, which must not make two transactions wait for each
     *     other
     */
    private void bookTwice(String instance, int batches, boolean turned) {
        for (int number = 1; number <= batches; number++) {
            UsageBatch.Line one = line(DAY, ANNA, sql(1), ONE);
            UsageBatch.Line other = line(DAY, OTTO, sql(1), ONE);
            UsageBatch batch =
                    turned
                            ? batch(instance, number, one, other)
                            : batch(instance, number, other, one);
            books.book(batch);
            books.book(batch);
        }
    }

    private List<UsageSum> sums(UsageGroup... groups) {
        return books.sums(selection(null, null, groups), UsagePlace.BEGINNING, 100);
    }

    private @Nullable UsageCounts total(@Nullable String tenant, @Nullable String adapter) {
        return books
                .sums(selection(tenant, adapter, UsageGroup.tenant), UsagePlace.BEGINNING, 100)
                .stream()
                .map(UsageSum::counts)
                .reduce(UsageCounts::plus)
                .orElse(null);
    }

    private static UsageSelection selection(
            @Nullable String tenant, @Nullable String adapter, UsageGroup... groups) {
        return new UsageSelection(
                DAY.withDayOfMonth(1), DAY, EnumSet.copyOf(List.of(groups)), tenant, adapter);
    }

    private static UsageSum.Model model(UsageSum sum) {
        UsageSum.Model model = sum.model();
        if (model == null) {
            throw new AssertionError(sum + " has no model");
        }
        return model;
    }

    private static Used sql(int number) {
        return new Used(
                "acme/base",
                new Used.Version(
                        new AdapterId("acme", "sql"),
                        number,
                        new AdapterDigest("%064x".formatted(number))));
    }

    private static UsageBatch batch(String instance, long number, UsageBatch.Line... lines) {
        return new UsageBatch(instance, number, List.of(lines));
    }

    private static UsageBatch.Line line(LocalDate day, Payer payer, Used used, UsageCounts counts) {
        return new UsageBatch.Line(new UsageSubject(day, payer, used), counts);
    }
}
