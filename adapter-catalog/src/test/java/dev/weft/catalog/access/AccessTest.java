package dev.weft.catalog.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.access.AccessSettings;
import dev.weft.access.token.TokenQuestion;
import dev.weft.catalog.RunningCatalog;
import dev.weft.catalog.TestAdapter;
import dev.weft.service.LauncherToken;
import dev.weft.service.ServiceStart;
import dev.weft.service.ServiceToken;
import dev.weft.service.settings.AddressSettings;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tokens, roles and tenants over HTTP. */
class AccessTest {
    @TempDir private Path folder;

    private @Nullable RunningCatalog catalog;

    @Test
    void loopbackIsOpenUntilTheFirstTokenIsMadeAndThenClosedForGood() throws Exception {
        try (RunningCatalog running = RunningCatalog.start(folder)) {
            catalog = running;
            assertThat(status("GET", "/admin/v1/adapters", null)).isEqualTo(200);
            assertThat(send("GET", "/actuator/health/readiness", null, "").body())
                    .as("details are for the port that is for management")
                    .isEqualTo("{\"status\":\"UP\"}");
            JsonNode admin = token("root", "admin", null, null);
            assertThat(status("GET", "/admin/v1/adapters", null)).isEqualTo(401);
            assertThat(status("GET", "/feed/v1/events", null)).isEqualTo(401);
            assertThat(status("POST", "/residency/v1/reports", null)).isEqualTo(401);
            assertThat(status("GET", "/admin/v1/adapters", "weft_wrong")).isEqualTo(401);
            String secret = admin.path("secret").asString();
            assertThat(status("GET", "/admin/v1/adapters", secret)).isEqualTo(200);
            assertThat(status("GET", "/actuator/health/readiness", null)).isEqualTo(200);
            assertThat(status("GET", "/openapi.json", null)).isEqualTo(200);

            long id = admin.path("id").asLong();
            assertThat(status("DELETE", "/admin/v1/tokens/" + id, secret)).isEqualTo(204);
            assertThat(status("GET", "/admin/v1/adapters", secret)).isEqualTo(401);
            assertThat(status("GET", "/admin/v1/adapters", null)).isEqualTo(401);
        }
        byte[] database = Files.readAllBytes(folder.resolve("data/catalog.mv.db"));
        assertThat(new String(database, StandardCharsets.ISO_8859_1)).doesNotContain("weft_");
    }

    @Test
    void rolesAllowWhatTheySay() throws Exception {
        try (RunningCatalog running = RunningCatalog.start(folder)) {
            catalog = running;
            String admin = token("root", "admin", null, null).path("secret").asString();
            String owner = secret("anna", "owner", "acme", admin);
            String viewer = secret("vera", "viewer", "acme", admin);
            String client = secret("cleo", "client", "acme", admin);
            String service = secret("gateway", "service", null, admin);
            Map<String, String> who =
                    Map.of(
                            "admin", admin,
                            "owner", owner,
                            "viewer", viewer,
                            "client", client,
                            "service", service);
            String[][] expected = {
                {"GET", "/admin/v1/adapters", "admin owner viewer service"},
                {"PUT", "/admin/v1/aliases/x", "admin owner"},
                {"POST", "/admin/v1/orders", "admin"},
                {"GET", "/admin/v1/tokens", "admin"},
                {"POST", "/access/v1/whose", "admin service"},
                {"GET", "/artifacts/v1/sha256:" + "0".repeat(64), "admin service"}
            };
            for (String[] each : expected) {
                for (Map.Entry<String, String> one : who.entrySet()) {
                    boolean allowed = each[2].contains(one.getKey());
                    assertThat(status(each[0], each[1], one.getValue()) != 403)
                            .as(each[0] + " " + each[1] + " as " + one.getKey())
                            .isEqualTo(allowed);
                }
            }
        }
    }

    @Test
    void tenantsDoNotSeeEachOther() throws Exception {
        Path repo = TestAdapter.write(folder.resolve("adapters/sql"), 4, 1);
        try (RunningCatalog running = RunningCatalog.start(folder)) {
            catalog = running;
            String admin = token("root", "admin", null, null).path("secret").asString();
            String anna = secret("anna", "owner", "acme", admin);
            String otto = secret("otto", "owner", "other", admin);
            String body =
                    RunningCatalog.JSON.writeValueAsString(
                            Map.of("name", "sql", "source", "FILE", "repo", repo.toString()));
            HttpResponse<String> registered = send("POST", "/admin/v1/adapters", anna, body);
            assertThat(registered.statusCode()).isEqualTo(202);
            long version = RunningCatalog.JSON.readTree(registered.body()).path("id").asLong();
            for (String[] each :
                    new String[][] {{admin, "?tenant=acme"}, {anna, ""}, {anna, "?tenant=acme"}}) {
                String location =
                        send("POST", "/admin/v1/adapters" + each[1], each[0], body)
                                .headers()
                                .firstValue("Location")
                                .orElseThrow();
                assertThat(location).isEqualTo("/admin/v1/adapters/sql" + each[1]);
                assertThat(status("GET", location, each[0])).isEqualTo(200);
            }

            assertThat(status("GET", "/admin/v1/adapters/sql", anna)).isEqualTo(200);
            for (String path : new String[] {"adapters/sql", "versions/" + version}) {
                assertThat(status("GET", "/admin/v1/" + path, otto)).isEqualTo(404);
                assertThat(status("GET", "/admin/v1/" + path, admin)).isEqualTo(404);
                assertThat(status("GET", "/admin/v1/" + path + "?tenant=acme", admin))
                        .isEqualTo(200);
                assertThat(status("GET", "/admin/v1/" + path + "?tenant=acme", otto))
                        .isEqualTo(403);
            }
            assertThat(send("POST", "/admin/v1/adapters", otto, body).statusCode()).isEqualTo(202);
            assertThat(status("DELETE", "/admin/v1/adapters/sql", otto)).isEqualTo(204);
            assertThat(status("GET", "/admin/v1/adapters/sql", anna)).isEqualTo(200);
            JsonNode audit =
                    RunningCatalog.JSON.readTree(send("GET", "/admin/v1/audit", anna, "").body());
            assertThat(audit.path("items"))
                    .extracting(e -> e.path("actor").asString())
                    .contains("anna")
                    .doesNotContain("otto");
        }
    }

    @Test
    void wherePeopleElsewhereCanReachItATokenIsNeededFromTheStart() throws Exception {
        ServiceStart local = RunningCatalog.options(folder, Duration.ofSeconds(60), null, 0);
        try (RunningCatalog running = RunningCatalog.start(with(local, "0.0.0.0", "internal"))) {
            catalog = running;
            assertThat(status("GET", "/admin/v1/adapters", null)).isEqualTo(401);
            assertThat(status("GET", "/admin/v1/adapters", "internal")).isEqualTo(200);
            Path file = folder.resolve("data/first-token");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            String first = Files.readString(file);
            String admin = token("root", "admin", null, first).path("secret").asString();
            assertThat(status("GET", "/admin/v1/adapters", admin)).isEqualTo(200);
            assertThat(status("GET", "/admin/v1/adapters", first)).isEqualTo(401);
        }
        try (RunningCatalog running = RunningCatalog.start(with(local, "0.0.0.0", null))) {
            catalog = running;
            assertThat(Files.exists(folder.resolve("data/first-token"))).isFalse();
            assertThat(status("GET", "/admin/v1/adapters", null)).isEqualTo(401);
        }
    }

    @Test
    void whatItsServicesSendGivesNoMoreRightsThanTheyNeed() throws Exception {
        ServiceStart local = RunningCatalog.options(folder, Duration.ofSeconds(60), null, 0);
        ServiceStart both =
                with(local, "0.0.0.0", "launcher")
                        .with(ServiceToken.class, new ServiceToken("services"));
        try (RunningCatalog running = RunningCatalog.start(both)) {
            catalog = running;
            String alias = "/admin/v1/aliases/chat";
            assertThat(status("PUT", alias, "services")).isEqualTo(403);
            assertThat(status("POST", "/admin/v1/tokens", "services")).isEqualTo(403);
            assertThat(whose("none", "services").path("known").asBoolean()).isFalse();
            assertThat(status("PUT", alias, "launcher")).isNotIn(401, 403);
            assertThat(status("PUT", alias, "neither")).isEqualTo(401);
        }
    }

    @Test
    void aServicesTokenMayBeChosenBeforeTheCatalogStarts() throws Exception {
        String chosen = "weft_" + "k".repeat(43);
        ServiceStart start = choosing(chosen);
        try (RunningCatalog running = RunningCatalog.start(with(start, "0.0.0.0", "internal"))) {
            catalog = running;
            assertThat(status("GET", "/artifacts/v1/sha256:" + "0".repeat(64), chosen))
                    .isEqualTo(404);
            assertThat(whose(chosen, chosen).path("role").asString()).isEqualTo("service");
            assertThat(status("GET", "/admin/v1/tokens", chosen)).isEqualTo(403);
            assertThat(status("GET", "/admin/v1/adapters", "weft_" + "j".repeat(43)))
                    .isEqualTo(401);
            // the first token of an admin is still to be made
            assertThat(folder.resolve("data/first-token")).exists();
        }
        byte[] database = Files.readAllBytes(folder.resolve("data/catalog.mv.db"));
        assertThat(new String(database, StandardCharsets.ISO_8859_1)).doesNotContain("weft_");
    }

    @Test
    void aChosenTokenThatCouldBeGuessedIsRefused() throws Exception {
        ServiceStart start = choosing("hush");

        assertThatThrownBy(() -> RunningCatalog.start(start))
                .rootCause()
                .hasMessage(
                        "weft.catalog.service-token: secret 'fleet' is not allowed: weft_ and 43"
                                + " letters, digits, '-' or '_'");
    }

    private ServiceStart choosing(String token) throws Exception {
        return RunningCatalog.options(
                folder,
                Duration.ofSeconds(60),
                null,
                0,
                "weft.secrets.fleet.value=" + token,
                "weft.catalog.service-token=fleet");
    }

    @Test
    void aTokenThatCantBeIsRefusedWithEveryFault() throws Exception {
        try (RunningCatalog running = RunningCatalog.start(folder)) {
            catalog = running;
            String[][] bad = {
                {"{\"name\":\"a b\",\"role\":\"boss\",\"x\":1}", "name", "role", "x"},
                {"{\"name\":\"a\",\"role\":\"owner\"}", "tenant"},
                {"{\"name\":\"a\",\"role\":\"admin\",\"tenant\":\"t\"}", "tenant"},
                {"{\"name\":\"a\",\"role\":\"owner\",\"tenant\":\"org/team\"}", "tenant"}
            };
            for (String[] each : bad) {
                HttpResponse<String> answer = send("POST", "/admin/v1/tokens", null, each[0]);
                assertThat(answer.statusCode()).as(each[0]).isEqualTo(400);
                for (int i = 1; i < each.length; i++) {
                    assertThat(answer.body()).contains("\"field\":\"" + each[i] + "\"");
                }
            }
        }
    }

    @Test
    void aTokenEndsByItselfAndMayGiveWayToAnotherOne() throws Exception {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
        InstantSource time = now::get;
        ServiceStart local = RunningCatalog.options(folder, Duration.ofSeconds(60), null, 0);
        try (RunningCatalog running =
                RunningCatalog.start(local.with(Clock.class, time.withZone(ZoneOffset.UTC)))) {
            catalog = running;
            String admin = token("root", "admin", null, null).path("secret").asString();
            String body =
                    "{\"name\":\"ana\",\"role\":\"viewer\",\"tenant\":\"acme\",\"expires\":\"90d\"}";
            JsonNode made =
                    RunningCatalog.JSON.readTree(
                            send("POST", "/admin/v1/tokens", admin, body).body());
            assertThat(made.path("expiresAt").asString())
                    .isEqualTo(
                            now.get()
                                    .plus(Duration.ofDays(90))
                                    .truncatedTo(ChronoUnit.MILLIS)
                                    .toString());
            String old = made.path("secret").asString();
            now.updateAndGet(at -> at.plus(Duration.ofDays(60)));
            assertThat(status("GET", "/admin/v1/adapters", old)).isEqualTo(200);
            assertThat(send("GET", "/admin/v1/tokens", admin, "").body())
                    .contains("\"lastUsedAt\":\"" + now.get().truncatedTo(ChronoUnit.MILLIS));

            String rotate = "/admin/v1/tokens/" + made.path("id").asLong() + "/rotate";
            HttpResponse<String> rotated = send("POST", rotate, admin, "{\"overlap\":\"12h\"}");
            assertThat(rotated.statusCode()).as(rotated.body()).isEqualTo(201);
            String next = RunningCatalog.JSON.readTree(rotated.body()).path("secret").asString();
            assertThat(status("GET", "/admin/v1/adapters", old)).isEqualTo(200);
            now.updateAndGet(at -> at.plus(Duration.ofHours(12)));
            assertThat(status("GET", "/admin/v1/adapters", old)).isEqualTo(401);
            assertThat(send("POST", rotate, admin, "").statusCode()).isEqualTo(404);
            now.updateAndGet(at -> at.plus(Duration.ofDays(89)));
            assertThat(status("GET", "/admin/v1/adapters", next)).isEqualTo(200);
            now.updateAndGet(at -> at.plus(Duration.ofDays(1)));
            assertThat(status("GET", "/admin/v1/adapters", next)).isEqualTo(401);
            for (String wrong : new String[] {"0d", "4000d", "90", "1y", "-1d", ""}) {
                HttpResponse<String> answer =
                        send("POST", "/admin/v1/tokens", admin, body.replace("90d", wrong));
                assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
                assertThat(answer.body()).contains("\"field\":\"expires\"").contains("3650d");
            }
        }
    }

    @Test
    void whatSomebodyMayNotChangeIsInTheAuditLog() throws Exception {
        try (RunningCatalog running = RunningCatalog.start(folder)) {
            catalog = running;
            String admin = token("root", "admin", null, null).path("secret").asString();
            String vera = secret("vera", "viewer", "acme", admin);
            assertThat(status("DELETE", "/admin/v1/adapters/sql", vera)).isEqualTo(403);
            assertThat(status("DELETE", "/admin/v1/adapters/sql", "nobody")).isEqualTo(401);
            JsonNode newest =
                    RunningCatalog.JSON
                            .readTree(send("GET", "/admin/v1/audit?tenant=acme", admin, "").body())
                            .path("items")
                            .path(0);
            assertThat(newest.path("actor").asString()).isEqualTo("vera");
            assertThat(newest.path("action").asString()).isEqualTo("refused");
            assertThat(newest.path("subject").asString())
                    .isEqualTo("DELETE /admin/v1/adapters/sql");
        }
    }

    @Test
    void signedTokensOfTheIssuerAreTakenAndNoOthers() throws Exception {
        try (FakeIssuer issuer = new FakeIssuer()) {
            ServiceStart local = RunningCatalog.options(folder, Duration.ofSeconds(60), null, 0);
            ServiceStart options =
                    local.with(new AccessSettings(false, issuer.identifier(), "weft"));
            try (RunningCatalog running = RunningCatalog.start(options)) {
                catalog = running;
                assertThat(status("GET", "/admin/v1/adapters", null)).isEqualTo(401);
                String first = Files.readString(folder.resolve("data/first-token"));
                String made = token("root", "admin", null, first).path("secret").asString();
                assertThat(status("GET", "/admin/v1/adapters", made)).isEqualTo(200);
                String owner = issuer.token("weft", 60, "owner", "acme");
                assertThat(status("GET", "/admin/v1/adapters", owner)).isEqualTo(200);
                assertThat(status("GET", "/admin/v1/adapters?tenant=x", owner)).isEqualTo(403);
                assertThat(status("GET", "/admin/v1/tokens", owner)).isEqualTo(403);
                assertThat(
                                status(
                                        "GET",
                                        "/admin/v1/tokens",
                                        issuer.token("weft", 60, "admin", null)))
                        .isEqualTo(200);
                assertThat(status("GET", "/admin/v1/tokens", issuer.typed())).isEqualTo(200);
                for (String bad :
                        new String[] {
                            issuer.endless(),
                            issuer.token("another", 60, "admin", null),
                            issuer.token("weft", -600, "admin", null),
                            issuer.token("weft", 60, "boss", null),
                            issuer.token("weft", 60, "owner", null),
                            issuer.forged("weft"),
                            issuer.ofUnknownKey("two"),
                            owner + "x",
                            "a.b.c"
                        }) {
                    assertThat(status("GET", "/admin/v1/adapters", bad)).as(bad).isEqualTo(401);
                }
                int before = issuer.asked();
                for (int i = 0; i < 40; i++) {
                    String token = issuer.ofUnknownKey("unknown-" + i);
                    assertThat(status("GET", "/admin/v1/adapters", token)).isEqualTo(401);
                }
                assertThat(issuer.asked() - before)
                        .as("anybody may send such tokens")
                        .isLessThan(20);
            }
        }
    }

    /** A client that comes again later has done nothing wrong. */
    @Test
    void signedTokensWaitForAnIssuerThatIsAway() throws Exception {
        var issuer = new FakeIssuer();
        String admin = issuer.token("weft", 60, "admin", null);
        issuer.close();
        ServiceStart local = RunningCatalog.options(folder, Duration.ofSeconds(60), null, 0);
        ServiceStart options = local.with(new AccessSettings(false, issuer.identifier(), "weft"));
        try (RunningCatalog running = RunningCatalog.start(options)) {
            catalog = running;
            assertThat(status("GET", "/admin/v1/tokens", admin)).isEqualTo(503);
            assertThat(status("GET", "/admin/v1/tokens", "a.b.c")).isEqualTo(401);
            String first = Files.readString(folder.resolve("data/first-token"));
            String asked = RunningCatalog.JSON.writeValueAsString(Map.of("token", admin));
            assertThat(send("POST", TokenQuestion.PATH, first, asked).statusCode()).isEqualTo(503);
            try (FakeIssuer back = issuer.again()) {
                back.fails = true;
                for (int i = 0; i < 40; i++) {
                    assertThat(status("GET", "/admin/v1/tokens", admin)).isEqualTo(503);
                }
                assertThat(back.asked()).as("anybody may send such tokens").isLessThan(40);
                back.fails = false;
                long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
                int status = 503;
                while (status == 503 && System.nanoTime() < end) {
                    status = status("GET", "/admin/v1/tokens", admin);
                }
                assertThat(status).isEqualTo(200);
                assertThat(status("GET", "/admin/v1/tokens", back.endless())).isEqualTo(401);
            }
        }
    }

    /** An issuer's subjects may hold anything but nothing. */
    @Test
    void subjectsOfSignedTokensAreToldApartHoweverLongTheyAre() throws Exception {
        try (FakeIssuer issuer = new FakeIssuer()) {
            ServiceStart local = RunningCatalog.options(folder, Duration.ofSeconds(60), null, 0);
            ServiceStart options =
                    local.with(new AccessSettings(false, issuer.identifier(), "weft"));
            try (RunningCatalog running = RunningCatalog.start(options)) {
                catalog = running;
                String audit = "";
                Path repo = TestAdapter.write(folder.resolve("adapters/sql"), 4, 1);
                for (String subject :
                        List.of("x".repeat(300) + "1", "x".repeat(300) + "2", "nul\u0000")) {
                    String owner = issuer.owner(subject);
                    String body =
                            RunningCatalog.JSON.writeValueAsString(
                                    Map.of(
                                            "name", "sql",
                                            "source", "FILE",
                                            "repo", repo.toString()));
                    assertThat(send("POST", "/admin/v1/adapters", owner, body).statusCode())
                            .isEqualTo(202);
                    assertThat(status("POST", "/admin/v1/tokens", owner)).isEqualTo(403);
                    audit = send("GET", "/admin/v1/audit", owner, "").body();
                }
                assertThat(RunningCatalog.JSON.readTree(audit).path("items").valueStream())
                        .filteredOn(entry -> !entry.path("actor").asString().equals("catalog"))
                        .extracting(entry -> entry.path("actor").asString())
                        .hasSize(6)
                        .allMatch(actor -> actor.length() <= 256)
                        .satisfies(actors -> assertThat(Set.copyOf(actors)).hasSize(3));
                assertThat(status("GET", "/admin/v1/adapters", issuer.owner(" "))).isEqualTo(401);
            }
        }
    }

    @Test
    void signedTokensMayClaimLimits() throws Exception {
        try (FakeIssuer issuer = new FakeIssuer()) {
            ServiceStart local = RunningCatalog.options(folder, Duration.ofSeconds(60), null, 0);
            ServiceStart options =
                    local.with(new AccessSettings(false, issuer.identifier(), "weft"));
            try (RunningCatalog running = RunningCatalog.start(options)) {
                catalog = running;
                String admin = issuer.token("weft", 60, "admin", null);
                JsonNode without = whose(issuer.token("weft", 60, "client", "acme"), admin);
                assertThat(without.path("key").isNull()).isTrue();
                Map<String, Object> limits =
                        Map.of(
                                "models", List.of("sql-*"),
                                "requestsPerMinute", 60,
                                "tokensPerMinute", 1_000,
                                "concurrentStreams", 2,
                                "priority", "high");
                JsonNode key = whose(issuer.limited("anna", limits), admin).path("key");
                assertThat(key.path("id").asLong()).isNegative();
                assertThat(key.path("limits"))
                        .isEqualTo(
                                RunningCatalog.JSON.readTree(
                                        """
                                        {"models": ["sql-*"], "requestsPerMinute": 60,
                                        "tokensPerMinute": 1000, "concurrentStreams": 2,
                                        "priority": "high"}
                                        """));
                assertThat(whose(issuer.limited("anna", Map.of()), admin).path("key").path("id"))
                        .isEqualTo(key.path("id"));
                assertThat(whose(issuer.limited("otto", limits), admin).path("key").path("id"))
                        .isNotEqualTo(key.path("id"));
                for (Object bad :
                        List.of(
                                "sixty",
                                List.of(),
                                Map.of("requestsPerMinute", 0),
                                Map.of("requestsPerMinute", 1.5),
                                Map.of("requestsPerMinute", "60"),
                                Map.of("requests_per_minute", 60),
                                Map.of("budget", Map.of("tokens", 5)))) {
                    assertThat(whose(issuer.limited("anna", bad), admin).path("known").asBoolean())
                            .as("%s", bad)
                            .isFalse();
                }
            }
        }
    }

    private JsonNode whose(String token, String admin) throws Exception {
        HttpResponse<String> answer =
                send("POST", TokenQuestion.PATH, admin, "{\"token\":\"" + token + "\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return RunningCatalog.JSON.readTree(answer.body());
    }

    private static ServiceStart with(
            ServiceStart options, String bindAddress, @Nullable String launcher) {
        AddressSettings known = options.settings().get(AddressSettings.class);
        return options.with(
                        new AddressSettings(
                                bindAddress, known.gateway(), known.catalog(), known.inference()))
                .with(LauncherToken.class, new LauncherToken(launcher));
    }

    private String secret(String name, String role, @Nullable String tenant, String admin)
            throws Exception {
        return token(name, role, tenant, admin).path("secret").asString();
    }

    private JsonNode token(String name, String role, @Nullable String tenant, @Nullable String with)
            throws Exception {
        String body =
                tenant == null
                        ? "{\"name\":\"%s\",\"role\":\"%s\"}".formatted(name, role)
                        : "{\"name\":\"%s\",\"role\":\"%s\",\"tenant\":\"%s\"}"
                                .formatted(name, role, tenant);
        HttpResponse<String> answer = send("POST", "/admin/v1/tokens", with, body);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return RunningCatalog.JSON.readTree(answer.body());
    }

    private int status(String method, String path, @Nullable String token) throws Exception {
        return send(method, path, token, method.equals("GET") ? "" : "{}").statusCode();
    }

    private HttpResponse<String> send(
            String method, String path, @Nullable String token, String body) throws Exception {
        RunningCatalog at = Objects.requireNonNull(catalog);
        HttpRequest.Builder request =
                at.to(path)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return at.client().send(request.build(), BodyHandlers.ofString());
    }
}
