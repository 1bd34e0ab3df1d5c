package dev.weft.protocol.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.residency.Tier;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerStateCodecTest {
    private static final AdapterDigest HOT = new AdapterDigest("a".repeat(64));
    private static final AdapterDigest WARM = new AdapterDigest("b".repeat(64));

    private static final WorkerState STATE =
            new WorkerState(
                    true,
                    4,
                    Map.of(HOT, Tier.SLOT, WARM, Tier.HOST),
                    Set.of("/v1/chat/completions", "/v1/embeddings"),
                    load(Map.of("team", 2, "other", 1), Map.of("team", 2), 2));

    private static WorkerLoad load(
            Map<String, Integer> running, Map<String, Integer> waiting, int requests) {
        return new WorkerLoad(
                16,
                new WorkerLoad.Holders(3, running),
                new WorkerLoad.Queue(waiting, requests),
                0.5,
                0.25,
                0.031);
    }

    private static WorkerState decode(String json) {
        byte[] bytes = json.getBytes(UTF_8);
        return WorkerStateCodec.decode(bytes, bytes.length);
    }

    @Test
    void comesBackAsItWas() {
        byte[] json = WorkerStateCodec.encode(STATE);
        byte[] longer = new byte[json.length + 5];
        System.arraycopy(json, 0, longer, 0, json.length);
        assertThat(WorkerStateCodec.decode(longer, json.length)).isEqualTo(STATE);
        assertThat(new String(json, UTF_8)).doesNotContain("\n");
    }

    @Test
    void anEarlierWorkersWaitingChoicesAreRequestsOfTheirOwn() {
        WorkerState state =
                new WorkerState(true, 4, Map.of(), load(Map.of(), Map.of("team", 200), 2));
        String json = new String(WorkerStateCodec.encode(state), UTF_8);
        assertThat(decode(json)).isEqualTo(state);
        assertThat(decode(json).load().occupied()).isEqualTo(5);
        String earlier = json.replace("\"waitingRequests\":2,", "");
        assertThat(earlier).isNotEqualTo(json);
        assertThat(decode(earlier).load().occupied()).isEqualTo(203);
    }

    @Test
    void anEarlierWorkerDoesNotSayWhoseChoicesHoldItsRows() {
        String json = encode(STATE);
        String earlier = json.replaceFirst("\"runningByTenant\":\\{[^}]*},", "");
        assertThat(earlier).isNotEqualTo(json);
        assertThat(decode(earlier).load().running()).isEqualTo(3);
        assertThat(decode(earlier).load().holders().byTenant()).isEmpty();
    }

    @Test
    void anEarlierWorkerDoesNotSayWhichPathsItServes() {
        String json = encode(STATE);
        String earlier = json.replaceFirst("\"paths\":\\[[^]]*],", "");
        assertThat(earlier).isNotEqualTo(json);
        assertThat(decode(earlier).paths()).isEmpty();
    }

    @Test
    void aNewerWorkersFieldsArePassedOver() {
        String json = new String(WorkerStateCodec.encode(STATE), UTF_8);
        assertThat(decode(json.replaceFirst("\\{", "{\"new\":[1],"))).isEqualTo(STATE);
    }

    @Test
    void countsRequestsAndFreeSlots() {
        assertThat(STATE.load().requests()).isEqualTo(5);
        assertThat(STATE.freeSlots()).isEqualTo(3);
    }

    @Test
    void refusesWhatNoWorkerHolds() {
        WorkerState full = holding(WorkerStateCodec.MOST_ADAPTERS, WorkerStateCodec.MOST_TENANTS);
        byte[] json = WorkerStateCodec.encode(full);
        assertThat(WorkerStateCodec.decode(json, json.length)).isEqualTo(full);

        assertThatThrownBy(() -> decode(encode(holding(WorkerStateCodec.MOST_ADAPTERS + 1, 0))))
                .hasMessage("a worker's state has 50001 adapters in inHost: allowed are 50000");
        assertThatThrownBy(() -> decode(encode(holding(0, WorkerStateCodec.MOST_TENANTS + 1))))
                .hasMessage("a worker's state has 10001 tenants in waiting: allowed are 10000");
        WorkerState crowded =
                new WorkerState(
                        false,
                        0,
                        Map.of(),
                        load(tenants(WorkerStateCodec.MOST_TENANTS + 1), Map.of(), 0));
        assertThatThrownBy(() -> decode(encode(crowded)))
                .hasMessage(
                        "a worker's state has 10001 tenants in runningByTenant: allowed are 10000");
        Set<String> paths =
                IntStream.rangeClosed(0, WorkerStateCodec.MOST_PATHS)
                        .mapToObj(i -> "/" + i)
                        .collect(Collectors.toSet());
        WorkerState wordy = new WorkerState(false, 0, Map.of(), paths, STATE.load());
        assertThatThrownBy(() -> decode(encode(wordy)))
                .hasMessage("a worker's state has 101 paths: allowed are 100");
        assertThatThrownBy(() -> decode(" ".repeat(WorkerStateCodec.MOST_BYTES + 1)))
                .hasMessage("a worker's state has 4194305 bytes: allowed are 4194304");
    }

    private static String encode(WorkerState state) {
        return new String(WorkerStateCodec.encode(state), UTF_8);
    }

    private static WorkerState holding(int adapters, int tenants) {
        Map<AdapterDigest, Tier> held =
                IntStream.range(0, adapters)
                        .boxed()
                        .collect(
                                Collectors.toMap(
                                        i -> new AdapterDigest("%064x".formatted(i)),
                                        _ -> Tier.HOST));
        return new WorkerState(
                false, 4, held, new WorkerLoad(16, 3, tenants(tenants), 0.5, 0.25, 0.031));
    }

    private static Map<String, Integer> tenants(int count) {
        return IntStream.range(0, count).boxed().collect(Collectors.toMap(i -> "t" + i, _ -> 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"slots\":1,\"inSlots\":[],\"inHost\":[]}",
                "{\"slots\":-1,\"inSlots\":[],\"inHost\":[],\"load\":{\"waiting\":{}}}",
                "{\"slots\":1,\"inSlots\":[\"x\"],\"inHost\":[],\"load\":{\"waiting\":{}}}",
                "{\"slots\":1,\"inSlots\":[],\"inHost\":[],\"load\":{\"waiting\":{\"a\":-2}}}",
                "{\"slots\":1,\"inSlots\":[],\"inHost\":[],\"load\":{\"runningByTenant\":{\"a\":-2},\"waiting\":{}}}",
                "{\"slots\":1,\"inSlots\":[],\"inHost\":[],\"load\":{\"kvUsage\":\"NaN\",\"waiting\":{}}}"
            })
    void refusesWhatIsNoState(String json) {
        assertThatThrownBy(() -> decode(json)).isInstanceOf(IllegalArgumentException.class);
    }
}
