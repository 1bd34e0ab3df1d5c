package dev.weft.system.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Launched;
import dev.weft.system.fleet.Program;
import dev.weft.system.fleet.Sample;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests tokens from the first one on, through catalog, worker, gateway and command line. */
@Timeout(300)
class TokensTest {
    private static final Pattern CATALOG = Pattern.compile("(?m)^catalog +(http://\\S+)");
    private static final Path FILE = Sample.deploymentFile();

    @TempDir private Path folder;
    private URI gateway = URI.create("http://127.0.0.1");
    private String catalog = "";

    @Test
    void fromTheFirstTokenOnEachServiceAndCommandNeedsOneAndHasIt() throws Exception {
        String root;
        String ana;
        String client;
        try (Launched weft = serve()) {
            connect(weft);
            root = secret(null, "root", "--role", "admin");
            assertThat(weft("adapters", "list").output())
                    .contains("refused (401)")
                    .contains("WEFT_TOKEN");
            ana = secret(root, "ana", "--role", "owner", "--tenant", "team-a");
            client = secret(root, "app", "--role", "client", "--tenant", "team-a");

            String sql = Sample.adapter("sql").toString();
            String[] add = {"adapters", "add", "mine", "--source", "FILE", "--repo", sql};
            assertThat(as(client, add).output()).contains("refused (403)");
            assertThat(as(ana, add).output()).endsWith("mine: Ready\n");
            assertThat(as(ana, "adapters", "list").output())
                    .contains("mine")
                    .doesNotContain("json");
            assertThat(as(ana, "adapters", "list", "--tenant", "default").exit()).isEqualTo(1);
            assertThat(as(root, "adapters", "list", "--tenant", "team-a").output())
                    .contains("mine");

            assertThat(ask(null, "mine").statusCode()).isEqualTo(401);
            Http.await("the gateway knows it", () -> ask(client, "mine").statusCode() == 200);
            assertThat(ask(client, "json").statusCode()).isEqualTo(404);
            String[] residency = {"adapters", "workers", "residency", "mine"};
            Http.await(
                    "the worker's report came in",
                    () -> as(ana, residency).output().contains("mine@1"));
        }
        try (Launched weft = serve()) {
            connect(weft);
            assertThat(weft("adapters", "list").output()).contains("refused (401)");
            Http.await("it is served again", () -> ask(client, "mine").statusCode() == 200);
            String tokens = as(root, "tokens", "list").output();
            assertThat(as(root, "tokens", "revoke", id(tokens, "ana")).exit()).isZero();
            assertThat(as(ana, "adapters", "list").output()).contains("refused (401)");
            assertThat(as(root, "adapters", "audit", "--tenant", "team-a").output())
                    .contains("root  token.revoke  ana");
        }
    }

    private Launched serve() throws Exception {
        return Launched.serve(FILE, folder, Map.of(), "weft.access.keys=true");
    }

    private void connect(Launched weft) throws Exception {
        gateway = weft.awaitReady();
        Matcher said = CATALOG.matcher(weft.output());
        assertThat(said.find()).as(weft.output()).isTrue();
        catalog = said.group(1);
    }

    /** Makes a token. */
    private String secret(@Nullable String by, String... arguments) throws Exception {
        String[] create = new String[arguments.length + 2];
        create[0] = "tokens";
        create[1] = "create";
        System.arraycopy(arguments, 0, create, 2, arguments.length);
        Program.Finished made = by == null ? weft(create) : as(by, create);
        assertThat(made.output()).startsWith("weft_");
        return made.output().strip();
    }

    private static String id(String tokens, String name) {
        return tokens.lines()
                .filter(line -> line.contains("  " + name + "  "))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .findFirst()
                .orElseThrow();
    }

    private Program.Finished weft(String... arguments) throws Exception {
        return run(Map.of(), arguments);
    }

    private Program.Finished as(String token, String... arguments) throws Exception {
        return run(Map.of("WEFT_TOKEN", token), arguments);
    }

    private Program.Finished run(Map<String, String> environment, String... arguments)
            throws Exception {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--catalog";
        all[arguments.length + 1] = catalog;
        return Launched.command(environment, all);
    }

    private HttpResponse<String> ask(@Nullable String key, String model) throws Exception {
        return Http.chat(gateway, key, model);
    }
}
