package dev.weft.standalone.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/**
 * Lines like {@code 12:00:01 gateway WARN no worker answers}, with the level only if it matters.
 */
final class ServiceLayout extends LayoutBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

    @Override
    public String doLayout(ILoggingEvent event) {
        var line = new StringBuilder(120);
        line.append(TIME.format(event.getInstant())).append(' ');
        line.append("%-8s ".formatted(LoggingService.of(event.getLoggerName())));
        if (event.getLevel() != Level.INFO) {
            line.append(event.getLevel()).append(' ');
        }
        if (!event.getLoggerName().startsWith("dev.weft.")) {
            line.append(event.getLoggerName()).append(": ");
        }
        line.append(event.getFormattedMessage()).append('\n');
        if (event.getThrowableProxy() != null) {
            line.append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return line.toString();
    }
}
