package dev.weft.catalog;

import dev.weft.access.tls.ServiceTls;
import dev.weft.catalog.feed.FeedHub;
import dev.weft.catalog.fetch.RepositoryAccess;
import dev.weft.catalog.ingest.Ingest;
import dev.weft.source.Repositories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** A running catalog. */
public final class CatalogService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogService.class);

    private final ConfigurableApplicationContext context;
    private final URI address;

    private CatalogService(ConfigurableApplicationContext context, URI address) {
        this.context = context;
        this.address = address;
    }

    /**
     * Starts a catalog; it listens when this returns, and takes up what an earlier one left under
     * way. It does not need the hub that adapters or the base come from.
     *
     * @throws IllegalStateException where the port is taken or the database can't be opened; says
     *     why
     */
    public static CatalogService start(CatalogOptions options) {
        return start(options, new Repositories(options.sources(), options.clock())::fetch);
    }

    /** The same, with repositories that come from elsewhere. */
    static CatalogService start(CatalogOptions options, RepositoryAccess repositories) {
        try {
            Files.createDirectories(options.data());
        } catch (IOException e) {
            throw new UncheckedIOException("data folder " + options.data() + ": " + e, e);
        }
        ConfigurableApplicationContext context = run(options, repositories);
        try {
            CatalogService service = new CatalogService(context, address(options, context));
            context.getBean(Ingest.class).resume();
            LOG.info("catalog listens on {}", service.address);
            return service;
        } catch (IOException | RuntimeException e) {
            context.close();
            throw new IllegalStateException("the catalog can't start: " + e.getMessage(), e);
        }
    }

    /** For tests of what it is wired from. */
    ApplicationContext context() {
        return context;
    }

    /** Where it listens, with the port that was picked. */
    public URI address() {
        return address;
    }

    /**
     * Ends it within 3 seconds: readiness answers 503, followers are let go, ingest stops where it
     * is, and requests under way have a second to finish.
     */
    @Override
    public void close() {
        if (context.isActive()) {
            AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
            context.getBean(FeedHub.class).close();
            context.getBean(Ingest.class).close();
            context.close();
        }
    }

    private static ConfigurableApplicationContext run(
            CatalogOptions options, RepositoryAccess repositories) {
        try {
            return new SpringApplicationBuilder(CatalogApplication.class)
                    .web(WebApplicationType.REACTIVE)
                    .registerShutdownHook(false)
                    .properties(CatalogApplication.defaultProperties())
                    .properties(options.management().properties())
                    .properties(options.tls().properties(options.management().apart(), true))
                    .properties("spring.config.name=weft-catalog")
                    .initializers(context -> {
                        var beans = (GenericApplicationContext) context;
                        beans.registerBean(CatalogOptions.class, () -> options);
                        beans.registerBean(ServiceTls.class, options::tls);
                        beans.registerBean(RepositoryAccess.class, () -> repositories);
                    })
                    .run(
                            "--server.port=" + options.settings().port(),
                            "--server.address=" + options.bindAddress());
        } catch (RuntimeException e) {
            throw new IllegalStateException("the catalog can't start: " + root(e).getMessage(), e);
        }
    }

    private static Throwable root(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null ? e : root(cause);
    }

    private static URI address(CatalogOptions options, ConfigurableApplicationContext context) {
        var server = ((WebServerApplicationContext) context).getWebServer();
        if (server == null) {
            throw new IllegalStateException("no web server was started");
        }
        return options.tls().reachable(options.bindAddress(), server.getPort());
    }
}
