package dev.weft.standalone.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets up the log of a process that runs services. */
public final class ServiceLog {
    private ServiceLog() {}

    /**
     * Sends the log to standard error. Spring Boot leaves it alone from then on, since each service
     * of the process would set it up anew.
     *
     * @param verbose details of Weft, and what libraries have to say below a warning
     */
    public static void install(boolean verbose) {
        System.setProperty("org.springframework.boot.logging.LoggingSystem", "none");
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            throw new IllegalStateException("the log is not Logback's");
        }
        context.reset();
        var layout = new ServiceLayout();
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
        // What keeps a service from starting is said once, by the launcher.
        context.getLogger("org.springframework.boot.diagnostics").setLevel(Level.OFF);
        context.getLogger("org.springframework.boot.web.server.reactive").setLevel(Level.ERROR);
        // It warns of each H2 that is newer than itself.
        context.getLogger("org.flywaydb").setLevel(Level.ERROR);
        // It warns that the OpenAPI page is there, which is meant.
        context.getLogger("org.springdoc").setLevel(Level.ERROR);
    }
}
