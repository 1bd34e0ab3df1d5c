package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What one tenant sends tells another nothing, through gateway and worker with keys. */
@Timeout(300)
class TenantsApartTest {
    private static final Pattern CATALOG = Pattern.compile("(?m)^catalog +(http://\\S+)");
    private static final String PROMPT =
            "Show the names of all customers in Paris whose orders are unpaid, the newest first";

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({"tenant, true", "weft-tiny, false"})
    void cachedTokensTellNoTenantWhatAnotherHasSent(String sharing, boolean apart)
            throws Exception {
        try (Launched weft =
                Launched.serve(
                        Sample.deploymentFile(),
                        folder,
                        Map.of(),
                        "weft.access.keys=true",
                        "weft.inference.prefix-sharing=" + sharing)) {
            URI gateway = weft.awaitReady();
            Matcher said = CATALOG.matcher(weft.output());
            assertThat(said.find()).as(weft.output()).isTrue();
            String catalog = said.group(1);
            String root = token(catalog, null, "root", "--role", "admin");
            String ana = token(catalog, root, "ana", "--role", "client", "--tenant", "team-a");
            String ben = token(catalog, root, "ben", "--role", "client", "--tenant", "team-b");

            assertThat(cached(gateway, ana)).isZero();
            int own = cached(gateway, ana);
            assertThat(own).isPositive();
            assertThat(cached(gateway, ben)).isEqualTo(apart ? 0 : own);
            assertThat(cached(gateway, ben)).isEqualTo(own);
        }
    }

    private static int cached(URI gateway, String key) throws Exception {
        String body = "{\"model\":\"weft-tiny\",\"prompt\":\"" + PROMPT + "\",\"max_tokens\":1}";
        JsonNode answer =
                Http.json(
                        Http.send(
                                HttpRequest.newBuilder(gateway.resolve("/v1/completions"))
                                        .header("Authorization", "Bearer " + key)
                                        .header("Content-Type", "application/json")
                                        .POST(HttpRequest.BodyPublishers.ofString(body))));
        return answer.at("/usage/prompt_tokens_details/cached_tokens").asInt(-1);
    }

    private static String token(String catalog, @Nullable String by, String... arguments)
            throws Exception {
        String[] all = new String[arguments.length + 4];
        all[0] = "tokens";
        all[1] = "create";
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        all[arguments.length + 2] = "--catalog";
        all[arguments.length + 3] = catalog;
        String made =
                Launched.command(by == null ? Map.of() : Map.of("WEFT_TOKEN", by), all).output();
        assertThat(made).startsWith("weft_");
        return made.strip();
    }
}
