package dev.weft.standalone.failure;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** An option has a value that is not allowed: the fault in picocli's words. */
public final class WrongOption {
    private WrongOption() {}

    /** The exception that a command throws; the command ends with 2 then. */
    public static ParameterException of(
            CommandSpec spec, String option, Object value, String allowed) {
        return new ParameterException(
                spec.commandLine(),
                "Invalid value for option '%s': '%s' is not allowed: %s"
                        .formatted(option, value, allowed));
    }
}
