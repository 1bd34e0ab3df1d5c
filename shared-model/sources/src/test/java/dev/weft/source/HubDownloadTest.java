package dev.weft.source;

import static dev.weft.source.HubFake.COMMIT;
import static dev.weft.source.HubFake.NEXT_COMMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.weft.source.HubFake.Fault;
import dev.weft.source.fetch.AttemptLimits;
import dev.weft.source.fetch.SourceException;
import dev.weft.source.fetch.SourceFault;
import dev.weft.source.http.HttpLimits;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HubDownloadTest extends HubTest {
    @Test
    void goesOnWhereACutConnectionStopped() throws Exception {
        hub.fail(
                "storage:/owner/name/resolve/" + COMMIT + "/" + WEIGHTS,
                new Fault.CutAfter(1_500_000));

        fetch("main");

        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
        List<HubFake.Seen> requests = hub.seen("storage", WEIGHTS);
        assertThat(requests).hasSize(2);
        assertThat(requests.get(1).range()).matches("bytes=[1-9]\\d*-");
        assertThat(names()).noneMatch(name -> name.endsWith(".part"));
    }

    @Test
    void goesOnInALaterFetch() throws Exception {
        cutForGood(WEIGHTS);
        assertThat(fails("main"))
                .hasMessageContaining(WEIGHTS)
                .hasMessageContaining("received: ")
                .extracting(SourceException::fault)
                .isEqualTo(SourceFault.UNREACHABLE);
        assertThat(names()).anyMatch(n -> n.startsWith(WEIGHTS) && n.endsWith(".part"));
        assertThat(target().resolve(WEIGHTS)).doesNotExist();
        hub.forget();

        fetch("main");

        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
        assertThat(hub.seen("storage", WEIGHTS))
                .singleElement()
                .extracting(HubFake.Seen::range)
                .isNotNull();
        assertThat(hub.seen("hub", CONFIG)).isEmpty();
    }

    @Test
    void goesOnWithoutAStorageAndStartsAnewWhereRangesAreIgnored() throws Exception {
        hub.withoutStorage()
                .fail(
                        WEIGHTS,
                        new Fault.CutAfter(1_500_000),
                        new Fault.CutAfter(0),
                        new Fault.IgnoreRange());

        fetch("main");

        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
        assertThat(hub.seen("hub", WEIGHTS)).hasSize(3);
    }

    @Test
    void doesNotMixThePartsOfTwoContents() throws Exception {
        cutForGood(WEIGHTS);
        assertThat(fault("main")).isEqualTo(SourceFault.UNREACHABLE);
        byte[] other = weights.clone();
        other[0] ^= 1;
        hub.file(NEXT_COMMIT, WEIGHTS, other).revision("main", NEXT_COMMIT);

        fetch("main");

        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(other);
        assertThat(names()).noneMatch(name -> name.endsWith(".part"));
    }

    @Test
    void finishesAPartThatIsWholeAlready() throws Exception {
        Files.createDirectories(target());
        Files.write(target().resolve(WEIGHTS + "." + HubFake.sha256(weights) + ".part"), weights);

        fetch("main");

        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
    }

    @Test
    void triesAgainAfterFailuresThatMayPass() throws Exception {
        hub.fail("/revision/main", status(503), status(429))
                .fail(
                        "storage:/owner/name/resolve/" + COMMIT + "/" + WEIGHTS,
                        status(500),
                        status(502));

        fetch("main");

        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
    }

    @Test
    void refusesContentThatIsNotWhatTheHubAnnounced() throws Exception {
        String path = "storage:/owner/name/resolve/" + COMMIT + "/" + WEIGHTS;
        hub.fail(path, new Fault.WrongBytes(), new Fault.WrongBytes());

        assertThat(fault("main")).isEqualTo(SourceFault.CORRUPT);
        assertThat(names()).containsExactly(".weft-source.json", CONFIG);

        hub.fail(CONFIG, new Fault.WrongBytes()).fail(path, new Fault.WrongBytes());
        Files.delete(target().resolve(CONFIG));
        fetch("main");
        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
        assertThat(target().resolve(CONFIG)).hasContent("{\"r\":8}");
    }

    @Test
    void endsAnAnswerThatStalls() throws Exception {
        String path = "storage:/owner/name/resolve/" + COMMIT + "/" + WEIGHTS;
        hub.fail(path, new Fault.StallAfter(1000));

        fetch("main");

        assertThat(target().resolve(WEIGHTS)).hasBinaryContent(weights);
        assertThat(hub.seen("storage", WEIGHTS)).hasSize(2);
    }

    @Test
    void saysThatItTimedOutWhereEveryAnswerStalls() {
        Fault stall = new Fault.StallAfter(10);
        hub.fail("storage:/owner/name/resolve/" + COMMIT + "/" + WEIGHTS, stall, stall, stall);

        assertThat(fault("main")).isEqualTo(SourceFault.TIMEOUT);
    }

    @Test
    void keepsTheDeadlineOfTheWholeFetch() {
        SourceOptions settings =
                TestSourceOptions.with(
                        settings(null),
                        new HttpLimits(Duration.ofSeconds(5), Duration.ofSeconds(30), 1),
                        new AttemptLimits(Duration.ofMillis(500), 1000, Duration.ofMillis(5)));
        hub.fail("storage:/owner/name/resolve/" + COMMIT + "/" + WEIGHTS, new Fault.StallAfter(10));

        SourceException e =
                catchThrowableOfType(SourceException.class, () -> fetch(settings, "main"));

        assertThat(e.fault()).isEqualTo(SourceFault.TIMEOUT);
    }

    /** The hub's words for a limit: when its window ends. */
    @Test
    void waitsUntilTheHubsLimitIsOver() throws Exception {
        hub.fail(
                "storage:/owner/name/resolve/" + COMMIT + "/" + WEIGHTS,
                new Fault.Status(429, Map.of("RateLimit", "\"resolvers\";r=0;t=1")));
        long begun = System.nanoTime();

        fetch("main");

        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isGreaterThan(Duration.ofSeconds(2));
    }

    /** A catalog counts it as a time in which the hub is away, and comes again. */
    @Test
    void tellsACallerThatWaitsItselfOfALongWait() {
        hub.fail(
                "storage:/owner/name/resolve/" + COMMIT + "/" + WEIGHTS,
                new Fault.Status(429, Map.of("RateLimit", "\"resolvers\";r=0;t=180")));
        SourceOptions options = settings(null).impatient();

        SourceException e =
                catchThrowableOfType(SourceException.class, () -> fetch(options, "main"));

        assertThat(e.fault()).isEqualTo(SourceFault.UNREACHABLE);
    }

    @Test
    void endsWhereItsThreadIsInterrupted() throws Exception {
        hub.fail(
                "storage:/owner/name/resolve/" + COMMIT + "/" + WEIGHTS,
                new Fault.Status(503, Map.of("Retry-After", "60")));
        List<SourceFault> faults = new CopyOnWriteArrayList<>();
        Thread thread = Thread.ofVirtual().start(() -> faults.add(fault("main")));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (hub.seen("storage", WEIGHTS).isEmpty() && System.nanoTime() < end) {
            Thread.onSpinWait();
        }

        thread.interrupt();

        assertThat(thread.join(Duration.ofSeconds(20))).isTrue();
        assertThat(faults).containsExactly(SourceFault.INTERRUPTED);
    }
}
