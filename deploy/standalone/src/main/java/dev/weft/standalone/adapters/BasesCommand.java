package dev.weft.standalone.adapters;

import static java.util.stream.Collectors.joining;

import dev.weft.standalone.adapters.client.CatalogClient;
import dev.weft.standalone.adapters.client.CatalogOptions;
import dev.weft.standalone.adapters.client.CatalogToken;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.output.Printed;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code bases list|show|add|remove}. */
@Command(
        name = "bases",
        description = {
            "Shows the base models whose adapters the catalog takes in, and adds others.",
            "Those of deployment files are there by themselves. The workers of one that is added"
                    + " are started by a deployment file of their own, with its name."
        },
        mixinStandardHelpOptions = true)
public final class BasesCommand implements Runnable {
    @Mixin private CatalogOptions catalog = new CatalogOptions();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "name a command: list, show, add or remove");
    }

    @Command(name = "list", description = "Lists bases.", mixinStandardHelpOptions = true)
    void list() throws CommandException {
        try (var client = open()) {
            for (JsonNode base : found(client, "GET", "bases", null)) {
                print(line(base));
            }
        }
    }

    @Command(name = "show", description = "Shows a base.", mixinStandardHelpOptions = true)
    void show(@Parameters(paramLabel = "NAME") String name) throws CommandException {
        try (var client = open()) {
            print(line(client.call("GET", path(name), null).orElseThrow(() -> unknown(name))));
        }
    }

    private static String line(JsonNode base) {
        String revision = base.path("revision").asString("");
        String modules =
                base.path("modules").valueStream().map(JsonNode::asString).collect(joining(","));
        return "%s  %s:%s%s  rank to %d, %sengine %s%s"
                .formatted(
                        base.path("name").asString(""),
                        base.path("source").asString(""),
                        base.path("repo").asString(""),
                        revision.isEmpty() ? "" : "@" + revision,
                        base.path("maxRank").asInt(),
                        modules.isEmpty() ? "" : "modules " + modules + ", ",
                        base.path("engine").asString(""),
                        base.path("declared").asBoolean() ? ", of a deployment file" : "");
    }

    @Command(
            name = "add",
            description = "Adds a base, so that adapters can be registered for it.",
            mixinStandardHelpOptions = true)
    void add(
            @Parameters(
                            paramLabel = "NAME",
                            description = "What clients write in model, and its workers serve.")
                    String name,
            @Mixin BaseOptions base)
            throws CommandException {
        ObjectNode body = JsonMapper.shared().createObjectNode().put("name", name);
        base.writeTo(body);
        try (var client = open()) {
            print("added " + line(found(client, "POST", "bases", body)));
        }
    }

    @Command(
            name = "remove",
            description =
                    "Removes a base that no deployment file declares and that has no adapters.",
            mixinStandardHelpOptions = true)
    void remove(@Parameters(paramLabel = "NAME") String name) throws CommandException {
        try (var client = open()) {
            JsonNode _ = client.call("DELETE", path(name), null).orElseThrow(() -> unknown(name));
        }
        print(name + ": removed");
    }

    private static JsonNode found(
            CatalogClient client, String method, String path, @Nullable JsonNode body)
            throws CommandException {
        return client.call(method, path, body)
                .orElseThrow(() ->
                        new CommandException(
                                "the catalog is of an earlier Weft: it has" + " one base"));
    }

    private static String path(String name) {
        return "bases/" + CatalogClient.segment(name);
    }

    private static CommandException unknown(String name) {
        return new CommandException("there is no base '" + name + "'");
    }

    private CatalogClient open() throws CommandException {
        return catalog.open(CatalogToken.fromEnvironment().orElse(null), null);
    }

    private void print(String line) {
        Printed.line(spec, line);
    }
}
