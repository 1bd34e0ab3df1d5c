package dev.weft.standalone.launch;

import dev.weft.access.tls.ServiceTls;
import dev.weft.catalog.settings.CatalogSettings;
import dev.weft.deployment.Deployment;
import dev.weft.deployment.Deployment.DeclaredAdapter;
import dev.weft.deployment.Fleet;
import dev.weft.protocol.adapter.VersionState;
import dev.weft.protocol.repository.RepositoryRef;
import dev.weft.protocol.repository.RepositorySource;
import dev.weft.standalone.adapters.client.AdapterVersion;
import dev.weft.standalone.adapters.client.CatalogClient;
import dev.weft.standalone.adapters.client.IngestWatch;
import dev.weft.standalone.failure.CommandException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes sure that the catalog has the adapters that the deployment file declares. */
final class DeclaredAdapters {
    private static final Logger LOG = LoggerFactory.getLogger(DeclaredAdapters.class);

    /** The time that the catalog needs beyond the ingest's own deadline to report the outcome. */
    private static final Duration SLACK = Duration.ofSeconds(30);

    private final List<OfBase> adapters;
    private final Duration deadline;
    private final @Nullable String token;
    private final ServiceTls tls;

    /** An adapter that the file of its base declares. */
    private record OfBase(DeclaredAdapter adapter, String base) {
        String name() {
            return adapter.name();
        }

        RepositoryRef repository() {
            return adapter.repository();
        }

        boolean isFrom(AdapterVersion version) {
            return version.repository().equals(repository());
        }
    }

    DeclaredAdapters(Fleet fleet, @Nullable String token, ServiceTls tls) {
        this.tls = tls;
        this.token = token;
        this.adapters = fleet.deployments().stream().flatMap(DeclaredAdapters::ofBase).toList();
        this.deadline = fleet.settings(CatalogSettings.class).ingestTimeout().plus(SLACK);
    }

    private static Stream<OfBase> ofBase(Deployment deployment) {
        return deployment.lora().adapters().stream()
                .map(adapter -> new OfBase(adapter, deployment.base().servedName()));
    }

    /**
     * Registers the missing adapters and waits until each is settled. A rejected one is logged with
     * its reasons, and the rest are served.
     *
     * @return those that are ready, in the deployment's order
     */
    List<ReadyAdapter> register(URI catalog) {
        var ready = new ArrayList<ReadyAdapter>();
        try (var client = new CatalogClient(catalog, token, null, tls.client())) {
            var ingest = new IngestWatch(client, deadline);
            var registered = new LinkedHashMap<OfBase, Long>();
            for (OfBase adapter : adapters) {
                register(adapter, client).ifPresent(id -> registered.put(adapter, id));
            }
            registered.forEach(
                    (adapter, id) -> settled(adapter.name(), id, ingest).ifPresent(ready::add));
        }
        return ready;
    }

    /** The id of an adapter's registration, a new one if need be; empty if it is refused. */
    private static OptionalLong register(OfBase adapter, CatalogClient client) {
        try {
            List<AdapterVersion> versions = client.find(adapter.name()).orElse(List.of());
            Optional<AdapterVersion> known = versions.stream().filter(adapter::isFrom).findFirst();
            return OptionalLong.of(
                    known.isPresent() && !outdated(known.get(), versions, adapter)
                            ? known.get().id()
                            : client.register(
                                    adapter.name(), adapter.repository(), adapter.base()));
        } catch (CommandException e) {
            LOG.error("adapter {} is not served: {}", adapter.name(), e.getMessage());
            return OptionalLong.empty();
        }
    }

    /**
     * True if an adapter must be registered again. A folder may have changed since; the catalog
     * tells by the digest. A version is also registered again if a newer one is Ready or under way,
     * since the name leads to that one, or will.
     *
     * @param known the newest version from the adapter's repository
     * @param versions of the name, the newest first
     */
    private static boolean outdated(
            AdapterVersion known, List<AdapterVersion> versions, OfBase adapter) {
        return switch (known.state()) {
            case Registered, Fetching, Validating, Converting -> !leads(known, versions);
            case Ready ->
                    adapter.repository().source() == RepositorySource.FILE
                            || !leads(known, versions);
            case Rejected, Retired -> true;
            case Disabled -> false;
        };
    }

    /** Whether a version is the newest that is Ready or under way. */
    private static boolean leads(AdapterVersion version, List<AdapterVersion> versions) {
        return versions.stream()
                .filter(each -> each.state() == VersionState.Ready || !each.settled())
                .findFirst()
                .filter(version::equals)
                .isPresent();
    }

    private static Optional<ReadyAdapter> settled(String name, long id, IngestWatch ingest) {
        try {
            AdapterVersion version =
                    ingest.follow(
                            name, id, now -> LOG.debug("adapter {}: {}", name, now.standing()));
            if (version.state() == VersionState.Ready) {
                LOG.info("adapter {} is ready", name);
                return Optional.of(ReadyAdapter.of(name, version));
            }
            LOG.warn("adapter {} is not served: it is {}", name, version.state());
            version.reasons()
                    .forEach(reason -> LOG.warn("  {}: {}", reason.code(), reason.message()));
        } catch (CommandException e) {
            LOG.error("adapter {} is not served: {}", name, e.getMessage());
        }
        return Optional.empty();
    }
}
