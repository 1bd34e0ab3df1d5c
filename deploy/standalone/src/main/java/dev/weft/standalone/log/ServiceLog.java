package dev.weft.standalone.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import dev.weft.deployment.WeftSettings.LogFormat;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up the log of a process that runs services. */
public final class ServiceLog {
    /** What libraries warn of although nothing is wrong. */
    private static final Map<String, Level> QUIET =
            Map.of(
                    // What keeps a service from starting is said once, by the launcher.
                    "org.springframework.boot.diagnostics", Level.OFF,
                    "org.springframework.boot.web.server.reactive", Level.ERROR,
                    // Each H2 that is newer than itself.
                    "org.flywaydb", Level.ERROR,
                    // The OpenAPI page is there, which is meant.
                    "org.springdoc", Level.ERROR,
                    // No GPU.
                    "ai.djl", Level.ERROR,
                    // Presets of two versions that work together, see the version in the root pom.
                    "org.bytedeco", Level.ERROR);

    private static final List<String> STARTING =
            List.of("dev.weft.protocol.feed", "dev.weft.gateway.worker");

    private ServiceLog() {}

    /**
     * Sends the log to standard error. Spring Boot leaves it alone from then on, since each service
     * of the process would set it up anew.
     *
     * @param verbose details of Weft, and what libraries have to say below a warning
     */
    public static void install(LogFormat format, boolean verbose) {
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        // JavaCPP prints to standard error by itself otherwise.
        System.setProperty("org.bytedeco.javacpp.logger", "slf4j");
        LoggerContext context = context();
        context.reset();
        LayoutBase<ILoggingEvent> layout =
                switch (format) {
                    case TEXT -> new ServiceLayout();
                    case JSON -> new JsonLayout();
                };
        layout.setContext(context);
        layout.start();
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(verbose ? Level.INFO : Level.WARN);
        root.addAppender(appender);
        context.getLogger("dev.weft").setLevel(verbose ? Level.DEBUG : Level.INFO);
        QUIET.forEach((logger, level) -> context.getLogger(logger).setLevel(level));
    }

    /**
     * Services that start side by side don't find each other at once, which is no news: keeps that
     * out of the log until the handle is closed.
     */
    public static Starting starting() {
        LoggerContext context = context();
        STARTING.forEach(logger -> context.getLogger(logger).setLevel(Level.ERROR));
        return () -> STARTING.forEach(logger -> context.getLogger(logger).setLevel(null));
    }

    /** The same for services that end side by side, until the process is gone. */
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
