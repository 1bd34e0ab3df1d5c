package dev.weft.standalone.adapters;

import dev.weft.protocol.adapter.Reason;
import dev.weft.protocol.adapter.VersionState;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.standalone.adapters.client.AdapterVersion;
import dev.weft.standalone.adapters.client.CatalogClient;
import dev.weft.standalone.adapters.client.CatalogOptions;
import dev.weft.standalone.adapters.client.CatalogToken;
import dev.weft.standalone.adapters.client.IngestWatch;
import dev.weft.standalone.adapters.client.NamedAdapter;
import dev.weft.standalone.adapters.client.Residency;
import dev.weft.standalone.adapters.client.TenantOption;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.failure.WrongOption;
import dev.weft.standalone.output.Printed;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
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

/** {@code adapters add|list|show|disable|enable|remove|alias|...}. */
@Command(
        name = "adapters",
        description = {
            "Adds, lists and removes adapters while services run; converts their files.",
            "If the catalog asks for a token, commands send that of the environment variable"
                    + " WEFT_TOKEN. 'weft tokens create' makes one."
        },
        subcommands = {
            AliasCommand.class,
            RollBackCommand.class,
            RolloutsCommand.class,
            ShadowsCommand.class,
            ShareCommand.class,
            AuditCommand.class,
            VersionCommand.class,
            WorkersCommand.class,
            ConvertCommand.class
        },
        mixinStandardHelpOptions = true)
public final class AdaptersCommand implements Runnable {
    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int MOST_SECONDS = 86_400;

    @Mixin private CatalogOptions catalog = new CatalogOptions();

    @Option(
            names = TenantOption.NAME,
            paramLabel = "TENANT",
            scope = ScopeType.INHERIT,
            description = "Tenant of the adapters (default: that of the token).")
    private @Nullable String tenant;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "name a command: add, list, show, disable, enable, remove, alias, rollback,"
                        + " rollouts, shadows, share, audit, version, workers or convert");
    }

    @Command(
            name = "add",
            description =
                    "Registers an adapter and follows it until it is ready; exits 1 with the"
                            + " reasons if it is rejected.",
            mixinStandardHelpOptions = true)
    int add(
            @Parameters(paramLabel = "NAME", description = "What clients write in model.")
                    String name,
            @Mixin RepositoryOptions options,
            @Option(
                            names = "--base",
                            paramLabel = "NAME",
                            description =
                                    "The base that it was trained on (default: the one that its"
                                            + " configuration names, or that alone it fits).")
                    @Nullable String base,
            @Option(
                            names = "--timeout",
                            paramLabel = "SECONDS",
                            defaultValue = "900",
                            description = "Longest wait (default: ${DEFAULT-VALUE}).")
                    long timeout)
            throws CommandException {
        if (timeout < 1 || timeout > MOST_SECONDS) {
            throw WrongOption.of(spec, "--timeout", timeout, "1 to " + MOST_SECONDS);
        }
        RepositoryRef repository = options.repository();
        try (var catalog = catalog()) {
            long id = catalog.register(name, repository, base);
            AdapterVersion version =
                    new IngestWatch(catalog, Duration.ofSeconds(timeout))
                            .follow(name, id, now -> print(name + ": " + now.standing()));
            version.reasons().forEach(reason -> print("  " + line(reason)));
            if (version.state() == VersionState.Disabled) {
                print(
                        "  the adapter is disabled: ./weft adapters enable %s serves it"
                                .formatted(name));
            }
            return version.state() == VersionState.Ready ? 0 : 1;
        }
    }

    @Command(name = "list", description = "Lists all adapters.", mixinStandardHelpOptions = true)
    void list() throws CommandException {
        try (var catalog = catalog()) {
            print(AdapterListing.of(catalog.list()).stripTrailing());
        }
    }

    @Command(
            name = "show",
            description =
                    "Shows the versions of an adapter, how far a fetch is, and where they are"
                            + " held.",
            mixinStandardHelpOptions = true)
    void show(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--follow",
                            description =
                                    "Prints changes until its newest version is ready or"
                                            + " rejected.")
                    boolean follow)
            throws CommandException {
        try (var catalog = catalog()) {
            List<AdapterVersion> versions = versions(catalog, name);
            if (follow && !versions.getFirst().settled()) {
                new IngestWatch(catalog, LONGEST)
                        .follow(
                                name,
                                versions.getFirst().id(),
                                now -> print(name + ": " + now.standing()));
                versions = versions(catalog, name);
            }
            print(
                    AdapterListing.of(List.of(new NamedAdapter(name, versions, null)))
                            .stripTrailing());
            for (AdapterVersion version : versions) {
                version.reasons().forEach(reason -> print("  " + line(reason)));
                version.warnings().forEach(warning -> print("  warning: " + line(warning)));
                if (version.work().isUnderway()) {
                    print("  " + version.standing());
                }
            }
            Residency.lines(catalog, name).forEach(held -> print("  " + held));
        }
    }

    /**
     * Prints each item of a list, page by page.
     *
     * @param unknown what to say if the catalog has no such list
     */
    void printAll(String firstPage, String unknown, Function<JsonNode, String> line)
            throws CommandException {
        try (var catalog = catalog()) {
            Optional<String> page = Optional.of(firstPage);
            while (page.isPresent()) {
                JsonNode answer =
                        catalog.call("GET", page.get(), null)
                                .orElseThrow(() -> new CommandException(unknown));
                answer.path("items").forEach(item -> print(line.apply(item)));
                page = Optional.ofNullable(answer.path("next").asString(null));
            }
        }
    }

    private static List<AdapterVersion> versions(CatalogClient catalog, String name)
            throws CommandException {
        return catalog.find(name)
                .filter(versions -> !versions.isEmpty())
                .orElseThrow(() -> new CommandException("there is no adapter " + name));
    }

    @Command(
            name = "disable",
            description = "Takes an adapter out of service.",
            mixinStandardHelpOptions = true)
    void disable(@Parameters(paramLabel = "NAME") String name) throws CommandException {
        try (var catalog = catalog()) {
            catalog.disable(name);
        }
        print(name + ": Disabled");
    }

    @Command(
            name = "enable",
            description = "Puts an adapter back into service.",
            mixinStandardHelpOptions = true)
    void enable(@Parameters(paramLabel = "NAME") String name) throws CommandException {
        try (var catalog = catalog()) {
            catalog.enable(name);
        }
        print(name + ": Ready");
    }

    @Command(name = "remove", description = "Removes an adapter.", mixinStandardHelpOptions = true)
    void remove(@Parameters(paramLabel = "NAME") String name) throws CommandException {
        try (var catalog = catalog()) {
            catalog.remove(name);
        }
        print(name + ": Retired");
    }

    private static String line(Reason reason) {
        return reason.code() + ": " + reason.message();
    }

    /** Opens the admin API. */
    CatalogClient catalog() throws CommandException {
        return catalog.open(CatalogToken.fromEnvironment().orElse(null), tenant);
    }

    void print(String line) {
        Printed.line(spec, line);
    }
}
