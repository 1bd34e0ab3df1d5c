package dev.weft.service.settings;

import java.util.Map;

/**
 * The name of this machine. It is not a setting of a deployment: the system passes it to a process
 * as the variable {@code HOSTNAME}; a container has its own.
 */
public record MachineName(String text) {
    /** Replaces what is neither a letter, a digit, a dot nor a hyphen. */
    public MachineName {
        text = text.replaceAll("[^A-Za-z0-9.-]", "-");
    }

    /** The name as this process knows it; {@code localhost} if it knows none. */
    public static MachineName ofThisMachine() {
        return of(System.getenv());
    }

    static MachineName of(Map<String, String> variables) {
        return new MachineName(variables.getOrDefault("HOSTNAME", "localhost"));
    }

    @Override
    public String toString() {
        return text;
    }
}
