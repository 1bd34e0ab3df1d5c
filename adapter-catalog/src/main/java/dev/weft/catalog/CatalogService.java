package dev.weft.catalog;

import dev.weft.access.tls.ServiceTls;
import dev.weft.catalog.fetch.RepositoryAccess;
import dev.weft.service.ServiceApplication;
import dev.weft.source.Repositories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;

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
     * Starts a catalog. It listens when this returns, and resumes the ingests that an earlier
     * catalog left unfinished. The start doesn't need the hub that adapters or the base come from.
     *
     * @throws IllegalStateException if the port is taken or the database can't be opened; says why
     */
    public static CatalogService start(CatalogOptions options) {
        return start(options, new Repositories(options.sources(), options.clock())::fetch);
    }

    /** Starts a catalog with other access to repositories. */
    static CatalogService start(CatalogOptions options, RepositoryAccess repositories) {
        try {
            Files.createDirectories(options.data());
        } catch (IOException e) {
            throw new UncheckedIOException("data folder " + options.data() + ": " + e, e);
        }
        ConfigurableApplicationContext context = run(options, repositories);
        try {
            CatalogService service = new CatalogService(context, address(options, context));
            LOG.info("catalog listens on {}", service.address);
            return service;
        } catch (RuntimeException e) {
            context.close();
            throw new IllegalStateException("the catalog can't start: " + e.getMessage(), e);
        }
    }

    /** The Spring context, for tests of the wiring. */
    ApplicationContext context() {
        return context;
    }

    /** The address that it listens on, with the port that was picked. */
    public URI address() {
        return address;
    }

    /**
     * Ends the catalog within 3 seconds. Readiness answers 503, followers are disconnected, ingest
     * stops at once, and running requests have a second to finish.
     */
    @Override
    public void close() {
        context.close();
    }

    private static ConfigurableApplicationContext run(
            CatalogOptions options, RepositoryAccess repositories) {
        try {
            SpringApplication application =
                    ServiceApplication.of(CatalogApplication.class, "weft-catalog");
            application.setRegisterShutdownHook(false);
            Map<String, Object> properties = new HashMap<>(options.management().properties());
            properties.putAll(options.tls().properties(options.management().apart(), true));
            application.addInitializers(context -> {
                context.getEnvironment()
                        .getPropertySources()
                        .addLast(new MapPropertySource("listeners", properties));
                var beans = (GenericApplicationContext) context;
                beans.registerBean(CatalogOptions.class, () -> options);
                beans.registerBean(ServiceTls.class, options::tls);
                beans.registerBean(RepositoryAccess.class, () -> repositories);
            });
            return application.run(
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
