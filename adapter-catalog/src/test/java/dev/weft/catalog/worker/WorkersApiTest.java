package dev.weft.catalog.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.catalog.RunningCatalog;
import dev.weft.catalog.TestAdapter;
import dev.weft.protocol.adapter.AdapterDigest;
import dev.weft.protocol.residency.HeldAdapter;
import dev.weft.protocol.residency.ReportedWorkers;
import dev.weft.protocol.residency.ResidencyCodec;
import dev.weft.protocol.residency.ResidencyOrders;
import dev.weft.protocol.residency.ResidencyReport;
import dev.weft.protocol.residency.Tier;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tests reports, residency and orders over HTTP; the test itself reports as the workers. */
class WorkersApiTest {
    @TempDir private Path folder;

    private final List<AdapterDigest> digests = new ArrayList<>();
    @AutoClose private RunningCatalog catalog;

    @BeforeEach
    void start() throws Exception {
        Path repo = Files.createDirectories(folder.resolve("adapters")).resolve("sql");
        catalog = RunningCatalog.start(folder);
        for (int seed = 1; seed <= 4; seed++) {
            TestAdapter.write(repo, 4, seed);
            String digest = catalog.ingest("sql", repo).path("digest").asString();
            digests.add(AdapterDigest.parse(digest));
        }
    }

    @Test
    void theApiShowsWhereEachVersionIsHeld() throws Exception {
        Instant used = Instant.parse("2026-11-24T10:00:00Z");
        report(
                "w-1",
                3,
                List.of(
                        new HeldAdapter(digests.get(0), Tier.SLOT, used, 0.25, true),
                        new HeldAdapter(digests.get(1), Tier.DISK, null, null, false)));
        report("w-2", 3, List.of(new HeldAdapter(digests.get(0), Tier.HOST, null, 0.5, false)));

        assertThat(catalog.json("/admin/v1/residency?adapter=sql"))
                .extracting(item ->
                        item.path("version").asInt()
                                + " "
                                + item.path("worker").asString()
                                + " "
                                + item.path("held").path("tier").asString())
                .containsExactly("2 w-1 disk", "1 w-1 slot", "1 w-2 host");
        JsonNode first = catalog.json("/admin/v1/workers").get(0);
        assertThat(first.path("alive").asBoolean()).isTrue();
        assertThat(first.path("slots").asInt()).isEqualTo(3);
        JsonNode held = first.path("held").get(0);
        assertThat(held.path("lastUsed").asString()).isEqualTo(used.toString());
        assertThat(held.path("loadSeconds").asDouble()).isEqualTo(0.25);
        assertThat(held.path("pinned").asBoolean()).isTrue();
        assertThat(catalog.get("/admin/v1/residency?adapter=none").statusCode()).isEqualTo(404);
    }

    @Test
    void tellsGatewaysWhereWorkersAreThatReport() throws Exception {
        assertThat(reported()).isEmpty();
        report("w-2", 3, List.of());
        report("w-1", 3, List.of());
        assertThat(reported())
                .containsExactly(
                        new ReportedWorkers.Worker("w-1", "http://127.0.0.1:8082"),
                        new ReportedWorkers.Worker("w-2", "http://127.0.0.1:8082"));
    }

    private List<ReportedWorkers.Worker> reported() throws Exception {
        String body = catalog.get(ReportedWorkers.PATH).body();
        return ReportedWorkers.decode(body.getBytes(StandardCharsets.UTF_8)).workers();
    }

    @Test
    void aPinIsAnsweredUntilItIsTakenBackAndAPrefetchUntilItIsDone() throws Exception {
        report("w-1", 3, List.of());
        long pin = order("pin", 1, "w-1").get(0).path("id").asLong();
        long prefetch = order("prefetch", 2, "*").get(0).path("id").asLong();

        ResidencyOrders first = report("w-1", 3, List.of());
        assertThat(first.pins()).containsExactly(new ResidencyOrders.Order(pin, digests.get(0)));
        assertThat(first.prefetches())
                .containsExactly(new ResidencyOrders.Order(prefetch, digests.get(1)));
        ResidencyOrders second =
                report(
                        "w-1",
                        3,
                        List.of(),
                        new ResidencyReport.Outcome(pin, null),
                        new ResidencyReport.Outcome(prefetch, "no such file"));
        assertThat(second.pins()).isEqualTo(first.pins());
        assertThat(second.prefetches()).isEmpty();
        assertThat(catalog.json("/admin/v1/orders"))
                .extracting(o -> o.path("state").asString() + o.path("failure").asString(""))
                .containsExactly("failedno such file", "done");

        assertThat(order("pin", 1, "w-1").get(0).path("id").asLong()).isEqualTo(pin);
        assertThat(catalog.delete("/admin/v1/orders/" + pin).statusCode()).isEqualTo(204);
        assertThat(catalog.delete("/admin/v1/orders/" + pin).statusCode()).isEqualTo(404);
        assertThat(report("w-1", 3, List.of()).pins()).isEmpty();
        assertThat(catalog.json("/admin/v1/audit?size=3").path("items"))
                .extracting(e -> e.path("action").asString())
                .contains("worker.unpin", "worker.pin");
    }

    @Test
    void moreThanTheSlotsOfAWorkerIsRefusedForAllWorkersAtOnce() throws Exception {
        report("w-1", 3, List.of());
        report("w-2", 2, List.of());
        order("pin", 1, "*");
        HttpResponse<String> refused = tryOrder("pin", 2, "*");
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(refused.body()).contains("w-2", "2 slot(s), 1 pinned");
        assertThat(report("w-1", 3, List.of()).pins()).hasSize(1);

        order("pin", 2, "w-1");
        assertThat(tryOrder("pin", 3, "w-1").statusCode()).isEqualTo(409);
        order("prefetch", 3, "w-1");
        assertThat(tryOrder("prefetch", 4, "w-1").statusCode()).isEqualTo(409);
    }

    @Test
    void whatCantBeOrderedIsSaid() throws Exception {
        assertThat(tryOrder("pin", 1, "*").statusCode()).isEqualTo(409);
        report("w-1", 3, List.of());
        assertThat(tryOrder("pin", 1, "w-9").statusCode()).isEqualTo(404);
        assertThat(tryOrder("pin", 77, "w-1").statusCode()).isEqualTo(409);
        HttpResponse<String> bad =
                catalog.post(
                        "/admin/v1/orders",
                        "{\"kind\":\"hold\",\"adapter\":\"a"
                                + " b\",\"version\":0,\"workers\":[\"*\",\"w-1\"]}");
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(RunningCatalog.JSON.readTree(bad.body()).path("errors"))
                .extracting(e -> e.path("field").asString())
                .containsExactlyInAnyOrder("kind", "adapter", "version", "workers");
        assertThat(catalog.post("/residency/v1/reports", "{}").statusCode()).isEqualTo(400);
        assertThat(catalog.post("/residency/v1/reports", "x").statusCode()).isEqualTo(400);
    }

    @Test
    void aPinOfAVersionThatIsDisabledIsNotAskedForMeanwhile() throws Exception {
        report("w-1", 3, List.of());
        order("pin", 1, "w-1");
        catalog.post("/admin/v1/adapters/sql/disable", "");
        assertThat(report("w-1", 3, List.of()).pins()).isEmpty();
        catalog.post("/admin/v1/adapters/sql/enable", "");
        assertThat(report("w-1", 3, List.of()).pins()).hasSize(1);
    }

    @Test
    void takesTheReportOfAWorkerThatHoldsTenThousandAdapters() throws Exception {
        Instant used = Instant.parse("2026-11-24T10:00:00.123456789Z");
        List<HeldAdapter> held = new ArrayList<>();
        held.add(new HeldAdapter(digests.get(0), Tier.SLOT, used, 0.25, true));
        for (int i = 1; i < ResidencyReport.MOST_HELD; i++) {
            held.add(new HeldAdapter(anyDigest(i), Tier.DISK, used.plusNanos(i), 0.1 * i, false));
        }
        report("w-1", 3, held);

        JsonNode worker = catalog.json("/admin/v1/workers").get(0);
        assertThat(worker.path("held")).hasSize(ResidencyReport.MOST_HELD);
        assertThat(worker.path("held").get(9_999).path("digest").asString())
                .isEqualTo(anyDigest(9_999).toString());
    }

    @Test
    void refusesReportsThatAreLargerAndSaysWhatIsAllowed() throws Exception {
        String entry = "{\"digest\":\"" + anyDigest(1) + "\",\"tier\":\"disk\",\"pinned\":false}";
        String many = (entry + ",").repeat(ResidencyReport.MOST_HELD) + entry;

        HttpResponse<String> tooMany =
                catalog.post(
                        "/residency/v1/reports",
                        "{\"worker\":\"w\",\"address\":\"a\",\"slots\":1,\"outcomes\":[],\"held\":["
                                + many
                                + "]}");
        HttpResponse<String> tooLong =
                catalog.post("/residency/v1/reports", " ".repeat(ResidencyCodec.MOST_BYTES + 1));

        assertThat(tooMany.statusCode()).isEqualTo(400);
        assertThat(tooMany.body()).contains("10001").contains("at most 10000");
        assertThat(tooLong.statusCode()).isEqualTo(413);
        assertThat(tooLong.body()).contains("" + ResidencyCodec.MOST_BYTES);
    }

    private static AdapterDigest anyDigest(int seed) throws Exception {
        byte[] hash =
                MessageDigest.getInstance("SHA-256")
                        .digest(String.valueOf(seed).getBytes(StandardCharsets.UTF_8));
        return AdapterDigest.parse("sha256:" + HexFormat.of().formatHex(hash));
    }

    private JsonNode order(String kind, int version, String worker) throws Exception {
        HttpResponse<String> answer = tryOrder(kind, version, worker);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return RunningCatalog.JSON.readTree(answer.body());
    }

    private HttpResponse<String> tryOrder(String kind, int version, String worker)
            throws Exception {
        return catalog.post(
                "/admin/v1/orders",
                "{\"kind\":\"%s\",\"adapter\":\"sql\",\"version\":%d,\"workers\":[\"%s\"]}"
                        .formatted(kind, version, worker));
    }

    private ResidencyOrders report(
            String worker, int slots, List<HeldAdapter> held, ResidencyReport.Outcome... outcomes)
            throws Exception {
        byte[] body =
                ResidencyCodec.encode(
                        new ResidencyReport(
                                worker,
                                "http://127.0.0.1:8082",
                                null,
                                slots,
                                held,
                                List.of(outcomes)));
        HttpResponse<byte[]> answer =
                catalog.client()
                        .send(
                                catalog.to("/residency/v1/reports")
                                        .header("Content-Type", "application/json")
                                        .POST(BodyPublishers.ofByteArray(body))
                                        .build(),
                                BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        return ResidencyCodec.orders(answer.body());
    }
}
