package dev.weft.service.settings;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code weft.log}.
 *
 * @param format Lines of the log: text for people, or a JSON object each.
 * @param requests The gateway logs a line for each request.
 */
@ConfigurationProperties("weft.log")
public record LogSettings(
        @DefaultValue("text") Format format, @DefaultValue("false") boolean requests) {
    /** What applies if the file says nothing. */
    public static final LogSettings DEFAULT = new LogSettings(Format.TEXT, false);

    /** How lines of the log are written. */
    public enum Format {
        TEXT,
        JSON
    }
}
