package dev.weft.standalone.adapters;

import dev.weft.standalone.adapters.client.CatalogClient;
import dev.weft.standalone.adapters.client.CatalogOptions;
import dev.weft.standalone.adapters.client.CatalogToken;
import dev.weft.standalone.adapters.client.TenantOption;
import dev.weft.standalone.config.DataOptions;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.output.Printed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code tokens create|list|change|rotate|revoke}. */
@Command(
        name = "tokens",
        description = {
            "Makes and takes back tokens for the catalog's admin API and for gateways.",
            "The admin API asks for a token as soon as there is one. Commands send that of the"
                    + " environment variable WEFT_TOKEN."
        },
        mixinStandardHelpOptions = true)
public final class TokensCommand implements Runnable {
    /** The roles: the holder of a token, and what it allows. */
    enum Role {
        client,
        viewer,
        owner,
        admin,
        service
    }

    @Mixin private CatalogOptions catalog = new CatalogOptions();

    @Option(
            names = DataOptions.NAME,
            paramLabel = DataOptions.LABEL,
            defaultValue = DataOptions.USUAL,
            scope = ScopeType.INHERIT,
            description =
                    "The deployment's folder for state (default: ${DEFAULT-VALUE}); a file in it"
                            + " makes the first token if the catalog asks for one from the"
                            + " start.")
    private Path data = Path.of(DataOptions.USUAL);

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "name a command: create, list, change, rotate or revoke");
    }

    @Command(
            name = "create",
            description = "Makes a token and prints it, once.",
            mixinStandardHelpOptions = true)
    void create(
            @Parameters(paramLabel = "NAME", description = "For people and the audit log.")
                    String name,
            @Option(
                            names = "--role",
                            required = true,
                            description = "One of ${COMPLETION-CANDIDATES}.")
                    Role role,
            @Option(
                            names = TenantOption.NAME,
                            paramLabel = "TENANT",
                            description =
                                    "Whose adapters it is for: needed for client, viewer, owner.")
                    @Nullable String tenant,
            @Option(
                            names = "--expires",
                            paramLabel = "TIME",
                            description =
                                    "Time after which it ends by itself, e.g. 90d, 12h or 30m"
                                            + " (default: it does not end).")
                    @Nullable String expires,
            @Mixin LimitOptions limits)
            throws CommandException {
        ObjectNode body =
                JsonMapper.shared().createObjectNode().put("name", name).put("role", role.name());
        if (tenant != null) {
            body.put("tenant", tenant);
        }
        if (expires != null) {
            body.put("expires", expires);
        }
        limits.into(body);
        try (var catalog = catalog()) {
            JsonNode token =
                    catalog.call("POST", "tokens", body)
                            .orElseThrow(() -> new CommandException("it makes no tokens"));
            print(token.path("secret").asString(""));
        }
    }

    @Command(name = "list", description = "Lists tokens.", mixinStandardHelpOptions = true)
    void list() throws CommandException {
        try (var catalog = catalog()) {
            for (JsonNode token :
                    catalog.call("GET", "tokens", null)
                            .orElseThrow(() -> new CommandException("it has no tokens"))) {
                print(
                        "%d  %s  %s  %s%s%s%s%s"
                                .formatted(
                                        token.path("id").asLong(),
                                        token.path("name").asString(""),
                                        token.path("role").asString(""),
                                        token.path("tenant").asString("all tenants"),
                                        limits(token),
                                        said("  until ", token.path("expiresAt")),
                                        said("  last used ", token.path("lastUsedAt")),
                                        token.path("revokedAt").isNull() ? "" : "  revoked"));
            }
        }
    }

    @Command(
            name = "change",
            description =
                    "Changes a token's limits, or when it ends; what is not named stays. Gateways"
                            + " hear of it at once.",
            mixinStandardHelpOptions = true)
    void change(
            @Parameters(paramLabel = "ID") long id,
            @Option(
                            names = "--expires",
                            paramLabel = "TIME",
                            description =
                                    "Time from now on after which it ends by itself, e.g. 90d, or"
                                            + " never.")
                    @Nullable String expires,
            @Mixin LimitOptions limits)
            throws CommandException {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        if (expires != null && expires.equals("never")) {
            body.putNull("expires");
        } else if (expires != null) {
            body.put("expires", expires);
        }
        limits.into(body);
        try (var catalog = catalog()) {
            if (catalog.call("PATCH", "tokens/" + id, body).isEmpty()) {
                throw new CommandException("there is no valid token " + id);
            }
        }
        print("token " + id + ": changed");
    }

    @Command(
            name = "rotate",
            description =
                    "Makes a token that takes another one's place, and prints it, once. Both are"
                            + " valid for the overlap.",
            mixinStandardHelpOptions = true)
    void rotate(
            @Parameters(paramLabel = "ID") long id,
            @Option(
                            names = "--overlap",
                            paramLabel = "TIME",
                            defaultValue = "1h",
                            description =
                                    "How long the old one stays valid, e.g. 30m, 12h or 7d"
                                            + " (default: ${DEFAULT-VALUE}).")
                    String overlap)
            throws CommandException {
        ObjectNode body = JsonMapper.shared().createObjectNode().put("overlap", overlap);
        try (var catalog = catalog()) {
            JsonNode token =
                    catalog.call("POST", "tokens/" + id + "/rotate", body)
                            .orElseThrow(
                                    () -> new CommandException("there is no valid token " + id));
            print(token.path("secret").asString(""));
        }
    }

    private static String limits(JsonNode token) {
        StringBuilder text = new StringBuilder();
        if (!token.path("models").isEmpty()) {
            List<String> models = new ArrayList<>();
            token.path("models").forEach(model -> models.add(model.asString("")));
            text.append("  models ").append(String.join(",", models));
        }
        text.append(number("  requests/min ", token.path("requestsPerMinute")));
        text.append(number("  tokens/min ", token.path("tokensPerMinute")));
        text.append(number("  streams ", token.path("concurrentStreams")));
        text.append(number("  tokens/month ", token.path("budget").path("tokens")));
        text.append(number("  money/month ", token.path("budget").path("money")));
        String priority = token.path("priority").asString("normal");
        text.append(priority.equals("normal") ? "" : "  priority " + priority);
        return text.toString();
    }

    private static String number(String word, JsonNode number) {
        return number.isNumber()
                ? word + number.decimalValue().stripTrailingZeros().toPlainString()
                : "";
    }

    private static String said(String word, JsonNode time) {
        return time.isString() ? word + time.asString() : "";
    }

    @Command(name = "revoke", description = "Takes a token back.", mixinStandardHelpOptions = true)
    void revoke(@Parameters(paramLabel = "ID") long id) throws CommandException {
        try (var catalog = catalog()) {
            if (catalog.call("DELETE", "tokens/" + id, null).isEmpty()) {
                throw new CommandException("there is no token " + id);
            }
        }
        print("token " + id + ": revoked");
    }

    private CatalogClient catalog() throws CommandException {
        Optional<String> token = CatalogToken.fromEnvironment();
        return catalog.open(token.isPresent() ? token.get() : first().orElse(null), null);
    }

    private Optional<String> first() throws CommandException {
        Path file = data.resolve("catalog").resolve("first-token");
        try {
            return Files.isReadable(file)
                    ? Optional.of(Files.readString(file).strip())
                    : Optional.empty();
        } catch (IOException e) {
            throw new CommandException(file + " can't be read: " + e, e);
        }
    }

    private void print(String line) {
        Printed.line(spec, line);
    }
}
