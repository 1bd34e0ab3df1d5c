package dev.weft.standalone.adapters;

import dev.weft.standalone.adapters.client.AliasFilter;
import dev.weft.standalone.adapters.client.AliasTarget;
import dev.weft.standalone.adapters.client.RolloutText;
import dev.weft.standalone.failure.CommandException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code adapters rollouts start|list|show|pause|resume|score|return}. */
@Command(
        name = "rollouts",
        description =
                "Rolls an alias from one version to another in steps. It returns by itself if the"
                        + " new version does worse than allowed.",
        mixinStandardHelpOptions = true)
final class RolloutsCommand implements Runnable {
    private static final String UNKNOWN = "the catalog is of an earlier Weft: it knows no rollouts";

    @ParentCommand private AdaptersCommand adapters = new AdaptersCommand();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "name a command: start, list, show, pause, resume, score or return");
    }

    @Command(
            name = "start",
            description = "Starts a rollout. What is left out is the catalog's default.",
            mixinStandardHelpOptions = true)
    void start(
            @Parameters(
                            index = "0",
                            paramLabel = "ALIAS",
                            description = "Leads to one version, or --from says to which it does.")
                    String alias,
            @Parameters(
                            index = "1",
                            paramLabel = "TO",
                            description = "The new version, like sql@4.")
                    String to,
            @Mixin RolloutOptions options)
            throws CommandException {
        ObjectNode body = JsonMapper.shared().createObjectNode().put("alias", alias);
        AliasTarget target = AliasTarget.parse(to);
        body.putObject("to").put("adapter", target.adapter()).put("version", target.version());
        options.writeTo(body);
        try (var catalog = adapters.catalog()) {
            print(
                    catalog.call("POST", "rollouts", body)
                            .orElseThrow(() -> new CommandException(UNKNOWN)));
        }
    }

    @Command(
            name = "list",
            description = "Lists rollouts, newest first.",
            mixinStandardHelpOptions = true)
    void list(@Mixin AliasFilter filter) throws CommandException {
        adapters.printAll(filter.firstPage("rollouts"), UNKNOWN, RolloutText::line);
    }

    @Command(
            name = "show",
            description = "Shows a rollout, and what its step's figures say.",
            mixinStandardHelpOptions = true)
    void show(@Parameters(paramLabel = "ID") long id) throws CommandException {
        call("GET", id, "", null);
    }

    @Command(
            name = "pause",
            description =
                    "Keeps a rollout in its step. It returns all the same if there is evidence"
                            + " against the new version.",
            mixinStandardHelpOptions = true)
    void pause(@Parameters(paramLabel = "ID") long id) throws CommandException {
        call("POST", id, "/pause", null);
    }

    @Command(
            name = "resume",
            description = "Lets a paused rollout go on.",
            mixinStandardHelpOptions = true)
    void resume(@Parameters(paramLabel = "ID") long id) throws CommandException {
        call("POST", id, "/resume", null);
    }

    @Command(
            name = "score",
            description = "Gives scores of a judge, 0 to 1, to a rollout with a bound for them.",
            mixinStandardHelpOptions = true)
    void score(
            @Parameters(paramLabel = "ID") long id,
            @Option(
                            names = "--from",
                            paramLabel = "SCORE",
                            arity = "1..*",
                            split = ",",
                            description = "Of answers of the version before.")
                    @Nullable List<Double> before,
            @Option(
                            names = "--to",
                            paramLabel = "SCORE",
                            arity = "1..*",
                            split = ",",
                            description = "Of answers of the new version.")
                    @Nullable List<Double> candidate,
            @Option(
                            names = "--id",
                            paramLabel = "TEXT",
                            description =
                                    "Names these scores: those of a name count once, however often"
                                            + " they are given.")
                    @Nullable String batch,
            @Option(
                            names = "--step",
                            paramLabel = "N",
                            description =
                                    "The step that the answers are of, from 1 (default: the one"
                                            + " that the rollout is in).")
                    @Nullable Integer step)
            throws CommandException {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        put(body.putArray("from"), before);
        put(body.putArray("to"), candidate);
        if (batch != null) {
            body.put("id", batch);
        }
        if (step != null) {
            body.put("step", step);
        }
        call("POST", id, "/scores", body);
    }

    private static void put(ArrayNode list, @Nullable List<Double> scores) {
        if (scores != null) {
            scores.forEach(list::add);
        }
    }

    @Command(
            name = "return",
            description = "Ends a rollout: all requests go to the version before.",
            mixinStandardHelpOptions = true)
    void giveBack(@Parameters(paramLabel = "ID") long id) throws CommandException {
        call("DELETE", id, "", null);
    }

    private void call(String method, long id, String action, @Nullable JsonNode body)
            throws CommandException {
        try (var catalog = adapters.catalog()) {
            print(
                    catalog.call(method, "rollouts/" + id + action, body)
                            .orElseThrow(() -> new CommandException("there is no rollout " + id)));
        }
    }

    private void print(JsonNode rollout) {
        RolloutText.lines(rollout).forEach(adapters::print);
    }
}
