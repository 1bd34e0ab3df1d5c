package dev.weft.inference.relay.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.format.lora.LoraCheck;
import dev.weft.format.lora.LoraFolder;
import dev.weft.format.lora.weight.LoraAdapter;
import dev.weft.inference.engine.EngineException;
import dev.weft.inference.relay.adapter.RelayName;
import dev.weft.inference.relay.adapter.SharedFolder;
import dev.weft.inference.relay.call.ListedModels;
import dev.weft.inference.relay.call.ServerCalls;
import dev.weft.inference.relay.dialect.Dialect;
import dev.weft.inference.relay.dialect.ServerPlan;
import dev.weft.inference.relay.host.ServerAgreement.Seen;
import dev.weft.protocol.adapter.AdapterDigest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Timeout(400)
class RelayHostTest {
    private static final Path SAMPLES = Path.of("..", "..", "samples", "weft-tiny", "adapters");
    private static final Duration DEADLINE = Duration.ofMinutes(3);

    @TempDir private Path folder;

    private PretendServer server;
    private ServerCalls calls;
    private RelayHost host;

    @BeforeEach
    void start() throws Exception {
        server = new PretendServer();
        calls = new ServerCalls(server.address(), null);
        host = host("vllm");
    }

    /** How often a comparison has said that it goes on. */
    private final AtomicInteger turns = new AtomicInteger();

    private RelayHost host(String engine) throws Exception {
        return host(engine, new ServerPlan.Limits(2, 3, 16));
    }

    private RelayHost host(String engine, ServerPlan.Limits limits) throws Exception {
        RelayHost made =
                new RelayHost(
                        new RelayHost.Parts(
                                calls,
                                Dialect.of(engine),
                                SharedFolder.open(
                                        new SharedFolder.Mount(
                                                folder.resolve(engine + limits.held()),
                                                folder.resolve(engine + limits.held()),
                                                "model.")),
                                "base",
                                BaseFacts.UNKNOWN),
                        limits);
        made.learn();
        return made;
    }

    @AfterEach
    void end() {
        host.close();
        calls.close();
        server.close();
    }

    private static AdapterDigest load(RelayHost host, String name) {
        return load(host, SAMPLES.resolve(name));
    }

    private static AdapterDigest load(RelayHost host, Path from) {
        try (LoraAdapter adapter = read(from)) {
            host.load(adapter.digest(), adapter);
            return adapter.digest();
        }
    }

    private static LoraAdapter sample(String name) {
        return read(SAMPLES.resolve(name));
    }

    private static LoraAdapter read(Path from) {
        if (LoraFolder.checkAlone(from) instanceof LoraCheck.Accepted(LoraAdapter adapter, var _)) {
            return adapter;
        }
        throw new AssertionError(from);
    }

    /** An adapter of its own content: the same matrices with another scale. */
    private Path variant(int alpha) throws IOException {
        Path copy = Files.createDirectories(folder.resolve("variants").resolve("v" + alpha));
        Path from = SAMPLES.resolve("sql");
        Files.copy(
                from.resolve("adapter_model.safetensors"),
                copy.resolve("adapter_model.safetensors"));
        ObjectNode config =
                (ObjectNode)
                        JsonMapper.shared().readTree(from.resolve("adapter_config.json").toFile());
        Files.writeString(
                copy.resolve("adapter_config.json"), config.put("lora_alpha", alpha).toString());
        return copy;
    }

    /** Waits until the server has loaded as many adapters. */
    private void awaitLoaded(int count) throws InterruptedException {
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (server.loaded().size() != count && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThat(server.loaded()).hasSize(count);
    }

    private static void delete(Path adapter) throws IOException {
        Files.setPosixFilePermissions(adapter, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (Stream<Path> files = Files.list(adapter)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(adapter);
    }

    private static String at(AdapterDigest digest) {
        return new RelayName(digest).toString();
    }

    private Optional<String> agree(Seen seen) throws Exception {
        return host.agreement().agree(listed(), seen, turns::incrementAndGet);
    }

    private ListedModels listed() throws Exception {
        return ListedModels.read(calls.get("/v1/models", DEADLINE).text());
    }

    @Test
    void anAdapterThatIsNotAppliedIsRefusedAndTakenAway() {
        server.ignores = true;
        assertThatThrownBy(() -> load(host, "sql"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("accepts the adapter and does not apply it");
        assertThat(server.loaded()).isEmpty();
        assertThat(host.cached()).isEmpty();
    }

    /** Other requests in the batch change answers; such a change is no effect of the adapter. */
    @Test
    void whatWaversByAsMuchAsItDiffersIsNoProof() {
        server.effect = 0.01;
        server.wavers = 0.06;
        assertThatThrownBy(() -> load(host, "sql")).hasMessageContaining("and from its own by");
        assertThat(server.loaded()).isEmpty();
    }

    /** What it has cached of a prompt was computed in another order. */
    @Test
    void whatTheServersCacheAloneMakesIsNoProof() {
        server.ignores = true;
        assertThatThrownBy(() -> load(host, "sql")).hasMessageContaining("does not apply it");
        assertThat(server.loaded()).isEmpty();
    }

    /** The base is asked twice with both kinds of prompts; small effects take more answers. */
    @ParameterizedTest
    @CsvSource({"0.5, 1", "0.06, 2", "0.01, 4"})
    void smallerEffectsAreProvenByMoreAnswers(double effect, int answers) {
        server.effect = effect;
        server.wavers = 0.001;
        load(host, "sql");
        assertThat(server.loaded()).hasSize(1);
        assertThat(server.asked).filteredOn("200 /v1/completions"::equals).hasSize(4 + answers);
    }

    /** A weak adapter may leave the likeliest tokens as they are. */
    @Test
    void anAdapterThatChangesOtherTokensThanTheLikeliestIsProven() {
        server.effect = 0;
        server.effectOnOthers = 0.02;
        server.wavers = 0.001;
        load(host, "sql");
        assertThat(server.loaded()).hasSize(1);
    }

    @Test
    void theRefusalSaysWhatAnOwnerCanDo() {
        server.effect = 0.0005;
        assertThatThrownBy(() -> load(host, "sql"))
                .hasMessageContaining("differ from the base's by 0.0005")
                .hasMessageContaining("lora_alpha");
    }

    @Test
    void aServerThatTellsFewerTokensIsAskedForOne() throws Exception {
        server.mostTokens = 5;
        try (RelayHost other = host("trtllm-serve")) {
            load(other, "sql");
        }
        assertThat(server.asked).filteredOn("400 /v1/completions"::equals).hasSize(1);
    }

    /** In a rotation over more adapters than the server holds, each comes again and again. */
    @Test
    void whatComesAgainIsProvenByFewerAnswers() throws Exception {
        server.effect = 0.01;
        server.wavers = 0.001;
        try (RelayHost other = host("vllm", new ServerPlan.Limits(1, 1, 16))) {
            for (int answers : List.of(4, 2)) {
                server.asked.clear();
                for (String name : List.of("sql", "french", "json")) {
                    other.unload(load(other, name));
                }
                awaitLoaded(0);
                assertThat(server.asked).filteredOn("200 /v1/load_lora_adapter"::equals).hasSize(3);
                assertThat(server.asked)
                        .filteredOn("200 /v1/unload_lora_adapter"::equals)
                        .hasSize(3);
                assertThat(server.asked)
                        .filteredOn("200 /v1/completions"::equals)
                        .hasSize(3 * answers);
            }
        }
    }

    /** A call waits for a step of the server's: two at once wait for the same one. */
    @Test
    void anAdapterIsLoadedWhileAnotherIsForgottenIfThereIsAPlaceToSpare() throws Exception {
        int held = 9;
        try (RelayHost other = host("vllm", new ServerPlan.Limits(1, held, 16));
                ExecutorService pool = Executors.newFixedThreadPool(1)) {
            for (int i = 1; i < held; i++) {
                other.unload(load(other, variant(i)));
            }
            awaitLoaded(held - 2);
            AdapterDigest last = load(other, variant(held));
            server.unloads = new CountDownLatch(1);
            other.unload(last);
            other.unload(load(other, variant(held + 1)));
            assertThat(server.loaded()).hasSize(held);
            Path next = variant(held + 2);
            Future<?> waiting = pool.submit(() -> load(other, next));
            assertThatThrownBy(() -> waiting.get(200, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            assertThat(server.loaded()).hasSize(held);
            server.unloads.countDown();
            waiting.get();
            assertThat(server.loaded()).hasSizeLessThanOrEqualTo(held);
        }
        assertThat(server.loaded()).as("once the host is closed").isEmpty();
    }

    @Test
    void whatIsAskedForAgainBeforeItHasGoneStays() throws Exception {
        try (RelayHost other = host("vllm", new ServerPlan.Limits(1, 1, 16))) {
            server.unloads = new CountDownLatch(1);
            AdapterDigest sql = load(other, "sql");
            other.unload(sql);
            server.unloads.countDown();
            assertThat(load(other, "sql")).isEqualTo(sql);
            assertThat(server.loaded()).containsExactly(at(sql));
        }
    }

    @Test
    void whatTheServerForgotIsLoadedAndProvenBeforeItIsUsed() throws Exception {
        AdapterDigest sql = load(host, "sql");
        server.forget();
        server.asked.clear();
        assertThat(agree(Seen.AFTER_TROUBLE)).isEmpty();
        assertThat(turns).as("said to go on before each adapter").hasPositiveValue();
        assertThat(server.loaded()).containsExactly(at(sql));
        assertThat(server.asked)
                .containsSubsequence("200 /v1/load_lora_adapter", "200 /v1/completions");
    }

    /**
     * A server that goes away forgets adapters without being told, and their folders fill a disk.
     */
    @Test
    void theFolderOfWhatAServerForgotBeforeItWasUnloadedGoesToo() throws Exception {
        SharedFolder.Mount mount =
                new SharedFolder.Mount(folder.resolve("own"), folder.resolve("own"), "model.");
        try (SharedFolder own = SharedFolder.open(mount);
                RelayHost other =
                        new RelayHost(
                                new RelayHost.Parts(
                                        calls, Dialect.of("vllm"), own, "base", BaseFacts.UNKNOWN),
                                new ServerPlan.Limits(1, 1, 16))) {
            other.learn();
            AdapterDigest sql = load(other, "sql");
            server.unloadStatus = 503;
            other.unload(sql);
            AdapterDigest french = load(other, "french");
            ListedModels served = listed();
            assertThat(served.adapters()).containsKey(new RelayName(sql));
            assertThat(other.agreement().agree(served, Seen.WELL, () -> {})).isEmpty();
            assertThat(own.isGivenUp(new RelayName(sql))).as("the server has it").isFalse();

            server.forget(at(sql));
            assertThat(other.agreement().agree(listed(), Seen.WELL, () -> {})).isEmpty();
            assertThat(own.isGivenUp(new RelayName(sql))).isTrue();
            assertThat(own.isGivenUp(new RelayName(french))).isFalse();
        }
    }

    /** Under its name the server would answer for the base. */
    @Test
    void whatIsNotAppliedAfterARestartIsNotLeftAtTheServer() throws Exception {
        load(host, "sql");
        server.forget();
        server.ignores = true;
        assertThat(agree(Seen.AFTER_TROUBLE)).as("others' requests go on").isEmpty();
        assertThat(server.loaded()).isEmpty();
    }

    /** The server knows it before it has proven it, and would answer as the base does. */
    @Test
    void whatTheServerForgotIsNotUsedBeforeItIsProven() throws Exception {
        AdapterDigest sql = load(host, "sql");
        server.forget();
        server.answers = new CountDownLatch(1);
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            Future<Optional<String>> look = pool.submit(() -> agree(Seen.WELL));
            server.awaitLoaded(at(sql));
            Future<?> request = pool.submit(() -> host.settle(sql));
            assertThatThrownBy(() -> request.get(200, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            server.ignores = true;
            server.answers.countDown();
            assertThat(look.get()).isEmpty();
            assertThatThrownBy(request::get).hasMessageContaining("does not apply it");
        }
        assertThat(server.loaded()).isEmpty();
    }

    /** Every look would load it, prove it by many answers, and unload it. */
    @Test
    void whatTheServerRefusesIsNotTriedAtEachLook() throws Exception {
        AdapterDigest sql = load(host, "sql");
        server.forget();
        server.ignores = true;
        assertThat(agree(Seen.WELL)).isEmpty();
        server.asked.clear();
        assertThat(agree(Seen.WELL)).isEmpty();
        assertThatThrownBy(() -> host.restore(sql)).hasMessageContaining("does not apply it");
        assertThat(server.asked).containsExactly("200 /v1/models");
        server.ignores = false;
        assertThat(agree(Seen.AFTER_TROUBLE)).as("it may have started again").isEmpty();
        host.settle(sql);
        assertThat(server.loaded()).containsExactly(at(sql));
    }

    @Test
    void requestsForAForgottenAdapterHaveItProvenOnce() throws Exception {
        AdapterDigest sql = load(host, "sql");
        server.forget();
        server.asked.clear();
        server.answers = new CountDownLatch(1);
        try (ExecutorService pool = Executors.newFixedThreadPool(8)) {
            List<Future<?>> requests = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                requests.add(pool.submit(() -> host.restore(sql)));
            }
            server.awaitLoaded(at(sql));
            assertThatThrownBy(() -> requests.getLast().get(200, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            server.answers.countDown();
            for (Future<?> request : requests) {
                request.get();
            }
        }
        assertThat(server.asked).filteredOn("200 /v1/completions"::equals).hasSize(1);
    }

    @Test
    void theServerIsOfNoUseUntilWhatItForgotIsBack() throws Exception {
        AdapterDigest sql = load(host, "sql");
        server.forget();
        server.loadStatus = 503;
        server.loadText = "busy";
        assertThat(agree(Seen.AFTER_TROUBLE).orElse(""))
                .contains(sql.abbreviated())
                .contains("503 busy");
        server.loadStatus = 200;
        assertThat(agree(Seen.AFTER_TROUBLE)).isEmpty();
        assertThat(server.loaded()).containsExactly(at(sql));
    }

    /** It lists what it was told, applied or not. */
    @Test
    void theServerIsOfNoUseUntilWhatItForgotHasProvenItself() throws Exception {
        AdapterDigest sql = load(host, "sql");
        server.forget();
        server.answerStatus = 500;
        assertThat(agree(Seen.AFTER_TROUBLE).orElse("")).contains(sql.abbreviated(), "500");
        assertThat(server.loaded()).containsExactly(at(sql));
        assertThat(agree(Seen.AFTER_TROUBLE).orElse("")).contains(sql.abbreviated(), "500");
        server.answerStatus = 200;
        server.asked.clear();
        assertThat(agree(Seen.AFTER_TROUBLE)).isEmpty();
        assertThat(server.asked).contains("200 /v1/completions");
    }

    /** Streams may use it: the server would take it from them. */
    @Test
    void anAdapterWhoseProofFailsStaysAtTheServer() throws Exception {
        AdapterDigest sql = load(host, "sql");
        server.answerStatus = 500;
        assertThatThrownBy(() -> host.restore(sql)).hasMessageContaining("500");
        assertThat(server.loaded()).containsExactly(at(sql));
        server.answerStatus = 200;
        host.settle(sql);
        assertThat(server.asked).doesNotContain("200 /v1/unload_lora_adapter");
    }

    /** Its folder was deleted, or the server has a fault of its own for it. */
    @Test
    void oneAdapterThatFailsAgainAndAgainKeepsTheServerFromNobody() throws Exception {
        AdapterDigest sql = load(host, "sql");
        AdapterDigest french = load(host, "french");
        delete(folder.resolve("vllm3").resolve(at(sql)));
        server.forget();
        for (int look = 1; look < Comeback.TRIES; look++) {
            assertThat(agree(Seen.AFTER_TROUBLE).orElse("")).contains("404");
        }
        assertThat(agree(Seen.AFTER_TROUBLE)).isEmpty();
        assertThat(agree(Seen.WELL)).isEmpty();
        assertThat(server.loaded()).containsExactly(at(french));
        assertThatThrownBy(() -> host.settle(sql)).hasMessageContaining("404");
        host.settle(french);
    }

    /** SGLang's /health computes a token and waits a second; the engine may be busy for longer. */
    @Test
    void aServerIsAskedWhetherItIsWellWhereItAnswersSoon() throws Exception {
        host = host("sglang");
        load(host, "sql");
        server.forget();
        server.loadStatus = 500;
        server.asked.clear();
        assertThat(agree(Seen.AFTER_TROUBLE)).isNotEmpty();
        assertThat(server.asked)
                .contains("200 " + ListedModels.PATH)
                .noneMatch(asked -> asked.endsWith("/health"));
    }

    @Test
    void aFolderThatHasGoneIsWrittenAgain() throws Exception {
        AdapterDigest sql = load(host, "sql");
        host.rewritesFrom(_ -> sample("sql"));
        Path written = folder.resolve("vllm3").resolve(at(sql));
        delete(written);
        server.forget();
        assertThat(agree(Seen.AFTER_TROUBLE)).isEmpty();
        assertThat(server.loaded()).containsExactly(at(sql));
        assertThat(written).isNotEmptyDirectory();
    }

    /** A gateway would give up the requests of a worker that is not ready. */
    @Test
    void aServerThatStartsAgainBetweenTwoLooksIsLearntAnewWithinOne() throws Exception {
        AdapterDigest sql = load(host, "sql");
        AdapterDigest french = load(host, "french");
        assertThat(agree(Seen.WELL)).isEmpty();
        server.forget(at(sql));
        assertThat(agree(Seen.WELL)).as("it has lost one").isEmpty();
        server.forget();
        assertThat(agree(Seen.WELL)).isEmpty();
        assertThat(server.loaded()).containsExactlyInAnyOrder(at(sql), at(french));
    }

    /** A look has to end within its second. */
    @Test
    void aLookDoesNotWaitUntilLeftOversAreUnloaded() throws Exception {
        AdapterDigest sql = load(host, "sql");
        String left = RelayName.PREFIX + "ab".repeat(32);
        server.knows(left, folder.resolve("vllm3").resolve(left).toString());
        server.unloads = new CountDownLatch(1);
        assertThat(agree(Seen.WELL)).isEmpty();
        assertThat(server.loaded()).contains(left);
        server.unloads.countDown();
        long end = System.nanoTime() + DEADLINE.toNanos();
        while (server.loaded().contains(left) && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThat(server.loaded()).containsExactly(at(sql));
    }

    /** Versions of vLLM answer 400 or 500 to what their engine refuses. */
    @Test
    void whatTheEngineRefusesIsTheAdaptersFaultWhateverTheStatus() {
        for (int status : List.of(400, 500)) {
            server.loadStatus = status;
            server.loadText = "Call to add_lora method failed: Worker failed with error 'rank'";
            assertThatThrownBy(() -> load(host, "sql"))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e ->
                                    assertThat(e.reason())
                                            .isEqualTo(EngineException.Cause.INVALID_ADAPTER));
        }
        server.loadStatus = 500;
        server.loadText = "out of memory";
        assertThatThrownBy(() -> load(host, "sql"))
                .isInstanceOfSatisfying(
                        EngineException.class,
                        e -> assertThat(e.reason()).isEqualTo(EngineException.Cause.FAILED));
    }

    @Test
    void sglangFinishesAnUnloadBeforeItLoadsAgain() throws Exception {
        try (RelayHost other = host("sglang")) {
            server.halfUnloaded = true;
            AdapterDigest sql = load(other, "sql");
            assertThat(server.loaded()).contains(at(sql));
            assertThat(server.asked)
                    .containsSubsequence(
                            "400 /load_lora_adapter",
                            "200 /unload_lora_adapter",
                            "200 /load_lora_adapter");
        }
    }

    /** SGLang answers 400 to whatever it could not do, such as for lack of memory. */
    @Test
    void whatSglangCouldNotDoIsNotTheAdaptersFault() throws Exception {
        try (RelayHost other = host("sglang")) {
            server.loadStatus = 400;
            server.loadText = "{\"success\":false,\"error_message\":\"CUDA out of memory\"}";
            assertThatThrownBy(() -> load(other, "sql"))
                    .isInstanceOfSatisfying(
                            EngineException.class,
                            e -> assertThat(e.reason()).isEqualTo(EngineException.Cause.FAILED));
        }
    }

    /** It lists no adapters, so that a restart is known by the time away alone. */
    @Test
    void trtllmServeProvesWhatItHoldsAfterATimeAway() throws Exception {
        try (RelayHost other = host("trtllm-serve")) {
            load(other, "sql");
            server.asked.clear();
            ListedModels served = new ListedModels(List.of("base"), Map.of(), Map.of(), 64);
            assertThat(other.agreement().agree(served, Seen.WELL, () -> {})).isEmpty();
            assertThat(server.asked).isEmpty();
            assertThat(other.agreement().agree(served, Seen.AFTER_TROUBLE, () -> {})).isEmpty();
            assertThat(server.asked).contains("200 /v1/completions");
        }
    }

    @Test
    void adaptersAreLoadedOneAtATime() throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            List<Future<AdapterDigest>> both =
                    List.of(
                            pool.submit(() -> load(host, "sql")),
                            pool.submit(() -> load(host, "french")));
            for (Future<AdapterDigest> each : both) {
                assertThat(server.loaded())
                        .isSubsetOf(at(both.get(0).get()), at(both.get(1).get()));
                assertThat(each.get()).isNotNull();
            }
        }
        assertThat(server.mostLoading()).isEqualTo(1);
    }

    @Test
    void anotherWorkersAdaptersAreSeen() throws Exception {
        AdapterDigest foreign = AdapterDigest.parse(AdapterDigest.PREFIX + "ab".repeat(32));
        ListedModels served =
                new ListedModels(
                        List.of("base"),
                        Map.of(new RelayName(foreign), "/elsewhere/x"),
                        Map.of(),
                        64);
        assertThat(host.agreement().agree(served, Seen.WELL, () -> {}).orElse(""))
                .contains("another worker");
    }
}
