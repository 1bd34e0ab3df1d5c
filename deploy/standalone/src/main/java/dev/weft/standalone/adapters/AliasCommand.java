package dev.weft.standalone.adapters;

import dev.weft.standalone.adapters.client.AliasClient;
import dev.weft.standalone.adapters.client.AliasTarget;
import dev.weft.standalone.failure.CommandException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code adapters alias list|show|set|rollback|remove}. */
@Command(
        name = "alias",
        description =
                "Names that lead to versions: to one, or to several by weight. The alias with an"
                        + " adapter's name says what that name leads to.",
        mixinStandardHelpOptions = true)
final class AliasCommand implements Runnable {
    @ParentCommand private AdaptersCommand adapters = new AdaptersCommand();
    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "name a command: list, show, set, rollback or remove");
    }

    @Command(name = "list", description = "Lists all aliases.", mixinStandardHelpOptions = true)
    void list() throws CommandException {
        adapters.printAll("aliases?size=500", "it has no aliases", AliasClient::line);
    }

    @Command(name = "show", description = "Shows an alias.", mixinStandardHelpOptions = true)
    void show(@Parameters(paramLabel = "ALIAS") String name) throws CommandException {
        try (var catalog = adapters.catalog()) {
            adapters.print(
                    AliasClient.line(
                            new AliasClient(catalog)
                                    .find(name)
                                    .orElseThrow(() ->
                                            new CommandException("there is no alias " + name))));
        }
    }

    @Command(
            name = "set",
            description = "Sets or moves an alias, all targets at once.",
            mixinStandardHelpOptions = true)
    void set(
            @Parameters(index = "0", paramLabel = "ALIAS") String name,
            @Parameters(
                            index = "1..*",
                            arity = "1..*",
                            paramLabel = "TARGET",
                            description = "sql@3, or sql@3=90 sql@4=10 with weights.")
                    List<String> targets,
            @Option(
                            names = "--if-revision",
                            paramLabel = "N",
                            description = "Changes the alias only if it is at this revision.")
                    @Nullable Long revision)
            throws CommandException {
        List<AliasTarget> read = new ArrayList<>();
        for (String target : targets) {
            read.add(AliasTarget.parse(target));
        }
        try (var catalog = adapters.catalog()) {
            adapters.print(AliasClient.line(new AliasClient(catalog).set(name, read, revision)));
        }
    }

    @Command(
            name = "rollback",
            description =
                    "Points an alias at what it pointed at before its last change. A second one"
                            + " goes back one change more.",
            mixinStandardHelpOptions = true)
    void rollBack(
            @Parameters(paramLabel = "ALIAS") String name,
            @Option(names = "--to", paramLabel = "N", description = "A revision to go back to.")
                    @Nullable Long to)
            throws CommandException {
        try (var catalog = adapters.catalog()) {
            adapters.print(AliasClient.line(new AliasClient(catalog).rollBack(name, to)));
        }
    }

    @Command(
            name = "remove",
            description =
                    "Removes an alias; an adapter of that name follows its newest version again.",
            mixinStandardHelpOptions = true)
    void remove(@Parameters(paramLabel = "ALIAS") String name) throws CommandException {
        try (var catalog = adapters.catalog()) {
            new AliasClient(catalog).remove(name);
        }
        adapters.print(name + ": removed");
    }
}
