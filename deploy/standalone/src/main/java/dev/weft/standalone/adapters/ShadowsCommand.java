package dev.weft.standalone.adapters;

import dev.weft.standalone.adapters.client.AliasFilter;
import dev.weft.standalone.adapters.client.AliasTarget;
import dev.weft.standalone.adapters.client.ShadowText;
import dev.weft.standalone.failure.CommandException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code adapters shadows start|list|show|end}. */
@Command(
        name = "shadows",
        description =
                "Gives a candidate copies of an alias's requests. Its answers are compared and"
                        + " thrown away; no client gets one.",
        mixinStandardHelpOptions = true)
final class ShadowsCommand implements Runnable {
    @ParentCommand private AdaptersCommand adapters = new AdaptersCommand();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "name a command: start, list, show or end");
    }

    @Command(
            name = "start",
            description = "Starts a shadow. What is left out is the catalog's default.",
            mixinStandardHelpOptions = true)
    void start(
            @Parameters(index = "0", paramLabel = "ALIAS", description = "Leads to one version.")
                    String alias,
            @Parameters(
                            index = "1",
                            paramLabel = "CANDIDATE",
                            description = "The version that gets copies, like sql@4.")
                    String to,
            @Mixin ShadowOptions shadow,
            @Mixin CriteriaOptions criteria)
            throws CommandException {
        ObjectNode body = JsonMapper.shared().createObjectNode().put("alias", alias);
        AliasTarget target = AliasTarget.parse(to);
        body.putObject("to").put("adapter", target.adapter()).put("version", target.version());
        shadow.writeTo(body);
        criteria.writeTo(body, null);
        try (var catalog = adapters.catalog()) {
            print(
                    catalog.call("POST", "shadows", body)
                            .orElseThrow(() ->
                                    new CommandException("there is no alias '" + alias + "'")));
        }
    }

    @Command(
            name = "list",
            description = "Lists shadows, newest first.",
            mixinStandardHelpOptions = true)
    void list(@Mixin AliasFilter filter) throws CommandException {
        adapters.printAll(
                filter.firstPage("shadows"),
                "the catalog is of an earlier Weft: it knows no shadows",
                ShadowText::line);
    }

    @Command(
            name = "show",
            description = "Shows a shadow, and what its figures say.",
            mixinStandardHelpOptions = true)
    void show(@Parameters(paramLabel = "ID") long id) throws CommandException {
        call("GET", id);
    }

    @Command(
            name = "end",
            description = "Ends a shadow: no more requests are copied.",
            mixinStandardHelpOptions = true)
    void end(@Parameters(paramLabel = "ID") long id) throws CommandException {
        call("DELETE", id);
    }

    private void call(String method, long id) throws CommandException {
        try (var catalog = adapters.catalog()) {
            print(
                    catalog.call(method, "shadows/" + id, null)
                            .orElseThrow(() -> new CommandException("there is no shadow " + id)));
        }
    }

    private void print(JsonNode shadow) {
        ShadowText.lines(shadow).forEach(adapters::print);
    }
}
