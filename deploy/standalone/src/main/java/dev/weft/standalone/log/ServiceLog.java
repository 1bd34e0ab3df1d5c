package dev.weft.standalone.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import dev.weft.service.settings.LogSettings;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up the log of a process that runs services. */
public final class ServiceLog {
    /** Levels of libraries that warn although nothing is wrong. */
    private static final Map<String, Level> QUIET =
            Map.of(
                    // The launcher says once why a service can't start.
                    "org.springframework.boot.diagnostics", Level.OFF,
                    "org.springframework.boot.SpringApplication", Level.OFF,
                    "org.springframework.boot.web.server.reactive", Level.ERROR,
                    // It warns of each H2 that is newer than itself.
                    "org.flywaydb", Level.ERROR,
                    // It warns that the OpenAPI page exists, as intended.
                    "org.springdoc", Level.ERROR,
                    // It warns that there is no GPU.
                    "ai.djl", Level.ERROR,
                    // It warns of presets of two versions, which work together; see the version in
                    // the root pom.
                    "org.bytedeco", Level.ERROR,
                    // It warns of whatever clients send that is no HTTP.
                    "reactor.netty.http.server.HttpServerOperations", Level.ERROR);

    private static final List<String> STARTING =
            List.of("dev.weft.protocol.feed", "dev.weft.gateway.worker");

    private ServiceLog() {}

    /**
     * Sends the log to standard error. Spring Boot doesn't change it afterwards; otherwise each
     * service of the process would set it up again.
     *
     * @param verbose whether to log details of Weft, and libraries' messages below a warning
     */
    public static void install(LogSettings.Format format, boolean verbose) {
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        // Otherwise JavaCPP prints to standard error by itself.
        System.setProperty("org.bytedeco.javacpp.logger", "slf4j");
        LoggerContext context = context();
        context.reset();
        StandardError.in(
                context,
                switch (format) {
                    case TEXT -> new ServiceLayout();
                    case JSON -> new JsonLayout();
                });
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(verbose ? Level.INFO : Level.WARN);
        context.getLogger("dev.weft").setLevel(verbose ? Level.DEBUG : Level.INFO);
        QUIET.forEach((logger, level) -> context.getLogger(logger).setLevel(level));
    }

    /**
     * Keeps warnings that services don't find each other yet out of the log, until the handle is
     * closed: services start in parallel.
     */
    public static Starting starting() {
        LoggerContext context = context();
        STARTING.forEach(logger -> context.getLogger(logger).setLevel(Level.ERROR));
        return () -> STARTING.forEach(logger -> context.getLogger(logger).setLevel(null));
    }

    /**
     * Keeps warnings of services out of the log, until the process has ended: services end in
     * parallel and don't find each other any more.
     */
    public static void ending() {
        LoggerContext context = context();
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
        context.getLogger("dev.weft").setLevel(Level.ERROR);
        context.getLogger("dev.weft.standalone").setLevel(Level.INFO);
    }

    /** The time until services have found each other. */
    public interface Starting extends AutoCloseable {
        @Override
        void close();
    }

    private static LoggerContext context() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            return context;
        }
        throw new IllegalStateException("the log is not Logback's");
    }
}
