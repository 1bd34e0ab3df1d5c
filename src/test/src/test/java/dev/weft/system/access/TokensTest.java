package dev.weft.system.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.system.fleet.Commands;
import dev.weft.system.fleet.Http;
import dev.weft.system.fleet.Launched;
import dev.weft.system.fleet.Sample;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests tokens from the first one on, through catalog, worker, gateway and command line. */
@Timeout(600)
class TokensTest {
    private static final Path FILE = Sample.deploymentFile();

    @TempDir private Path folder;
    private URI gateway = URI.create("http://127.0.0.1");

    @Test
    void fromTheFirstTokenOnEachServiceAndCommandNeedsOneAndHasIt() throws Exception {
        String root;
        String ana;
        String client;
        try (Launched weft = serve()) {
            Commands anybody = connect(weft);
            root = anybody.createToken("root", "--role", "admin");
            Commands admin = anybody.with(root);
            assertThat(anybody.run("adapters", "list").output())
                    .contains("refused (401)")
                    .contains("WEFT_TOKEN");
            ana = admin.createToken("ana", "--role", "owner", "--tenant", "team-a");
            Commands owner = anybody.with(ana);
            client = admin.createToken("app", "--role", "client", "--tenant", "team-a");

            String sql = Sample.adapter("sql").toString();
            String[] add = {"adapters", "add", "mine", "--source", "FILE", "--repo", sql};
            assertThat(anybody.with(client).run(add).output()).contains("refused (403)");
            assertThat(owner.run(add).output()).endsWith("mine: Ready\n");
            assertThat(owner.run("adapters", "list").output())
                    .contains("mine")
                    .doesNotContain("json");
            assertThat(owner.run("adapters", "list", "--tenant", "default").exit()).isEqualTo(1);
            assertThat(admin.run("adapters", "list", "--tenant", "team-a").output())
                    .contains("mine");

            assertThat(ask(null, "mine").statusCode()).isEqualTo(401);
            Http.await("the gateway knows it", () -> ask(client, "mine").statusCode() == 200);
            assertThat(ask(client, "json").statusCode()).isEqualTo(404);
            Http.await(
                    "the worker's report came in",
                    () ->
                            owner.run("adapters", "workers", "residency", "mine")
                                    .output()
                                    .contains("mine@1"));
        }
        try (Launched weft = serve()) {
            Commands anybody = connect(weft);
            Commands admin = anybody.with(root);
            assertThat(anybody.run("adapters", "list").output()).contains("refused (401)");
            Http.await("it is served again", () -> ask(client, "mine").statusCode() == 200);
            String tokens = admin.run("tokens", "list").output();
            assertThat(admin.run("tokens", "revoke", id(tokens, "ana")).exit()).isZero();
            assertThat(anybody.with(ana).run("adapters", "list").output())
                    .contains("refused (401)");
            assertThat(admin.run("adapters", "audit", "--tenant", "team-a").output())
                    .contains("root  token.revoke  ana");
        }
    }

    private Launched serve() throws Exception {
        return Launched.serve(FILE, folder, Map.of(), "weft.access.keys=true");
    }

    private Commands connect(Launched weft) throws Exception {
        gateway = weft.awaitReady();
        return Commands.to(weft.catalog());
    }

    private static String id(String tokens, String name) {
        return tokens.lines()
                .filter(line -> line.contains("  " + name + "  "))
                .map(line -> line.substring(0, line.indexOf(' ')))
                .findFirst()
                .orElseThrow();
    }

    private HttpResponse<String> ask(@Nullable String key, String model) throws Exception {
        return Http.chat(gateway, key, model);
    }
}
