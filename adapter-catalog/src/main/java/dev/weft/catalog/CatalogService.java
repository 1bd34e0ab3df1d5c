package dev.weft.catalog;

import dev.weft.service.DataFolder;
import dev.weft.service.ServiceApplication;
import dev.weft.service.ServiceName;
import dev.weft.service.ServiceStart;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** A catalog that runs in this process. */
public final class CatalogService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogService.class);

    private final ConfigurableApplicationContext context;
    private final URI address;

    private CatalogService(ConfigurableApplicationContext context) {
        this.context = context;
        this.address = ServiceApplication.reachable(context);
    }

    /**
     * Starts a catalog. It listens when this returns, and resumes the ingests that an earlier
     * catalog left unfinished. The start doesn't need the hub that adapters or the base come from.
     *
     * @param start with a {@code Deployment} and a {@link DataFolder}
     * @throws IllegalStateException if the port is taken or the database can't be opened; says why
     */
    public static CatalogService start(ServiceStart start) {
        try {
            CatalogService service =
                    new CatalogService(
                            ServiceApplication.start(
                                    ServiceName.catalog, CatalogApplication.class, start));
            LOG.info("catalog listens on {}", service.address);
            return service;
        } catch (RuntimeException e) {
            throw new IllegalStateException("the catalog can't start: " + root(e).getMessage(), e);
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

    private static Throwable root(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null ? e : root(cause);
    }
}
