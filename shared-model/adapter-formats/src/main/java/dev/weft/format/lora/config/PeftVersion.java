package dev.weft.format.lora.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of PEFT that wrote an adapter_config.json. PEFT says it since 0.18.
 *
 * @param minor -1 if the file does not say it
 */
public record PeftVersion(int major, int minor) {
    public static final String FIELD = "peft_version";

    /** The one whose reading is served. */
    public static final String SERVED = "0.21.0";

    private static final PeftVersion UNKNOWN = new PeftVersion(0, -1);
    private static final Pattern START = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(?!\\d)");

    static PeftVersion read(ConfigFields fields) {
        Matcher start = START.matcher(fields.text(FIELD).orElse(""));
        return start.lookingAt()
                ? new PeftVersion(
                        Integer.parseInt(start.group(1)), Integer.parseInt(start.group(2)))
                : UNKNOWN;
    }

    /** Whether the file says this version, or a later one, of PEFT 0. */
    public boolean isSince(int wanted) {
        return major > 0 || minor >= wanted;
    }
}
