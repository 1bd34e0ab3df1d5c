package dev.weft.standalone.adapters;

import dev.weft.protocol.adapter.VersionState;
import dev.weft.standalone.adapters.client.AdapterVersion;
import dev.weft.standalone.adapters.client.AliasClient;
import dev.weft.standalone.adapters.client.AliasTarget;
import dev.weft.standalone.adapters.client.CatalogClient;
import dev.weft.standalone.failure.CommandException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import tools.jackson.databind.JsonNode;

/**
 * {@code adapters rollback NAME}: moves an adapter's name back one version and holds it there. An
 * alias of that name does this; it is created if there is none.
 */
@Command(
        name = "rollback",
        description =
                "Points an adapter's name at the version before, and holds it there; 'alias remove"
                        + " NAME' lets it follow the newest again.",
        mixinStandardHelpOptions = true)
final class RollBackCommand implements Callable<Integer> {
    @ParentCommand private AdaptersCommand adapters = new AdaptersCommand();

    @Parameters(paramLabel = "NAME")
    private String name = "";

    @Option(names = "--to", paramLabel = "VERSION", description = "A version to go to.")
    private @Nullable Integer to;

    @Override
    public Integer call() throws CommandException {
        try (var catalog = adapters.catalog()) {
            var aliases = new AliasClient(catalog);
            JsonNode alias =
                    to == null && aliases.find(name).isPresent()
                            ? aliases.rollBack(name, null)
                            : aliases.set(
                                    name,
                                    List.of(new AliasTarget(name, version(catalog), 1)),
                                    null);
            adapters.print(AliasClient.line(alias));
        }
        return 0;
    }

    private int version(CatalogClient catalog) throws CommandException {
        if (to != null) {
            return to;
        }
        List<AdapterVersion> ready =
                catalog
                        .find(name)
                        .orElseThrow(() -> new CommandException("there is no adapter " + name))
                        .stream()
                        .filter(version -> version.state() == VersionState.Ready)
                        .toList();
        Integer before = ready.size() < 2 ? null : ready.get(1).content().number();
        if (before == null) {
            throw new CommandException(name + " has no version before that is Ready");
        }
        return before;
    }
}
