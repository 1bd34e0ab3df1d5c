package dev.weft.standalone.engine;

import dev.weft.standalone.failure.CommandException;
import java.util.ArrayList;
import java.util.List;

/** The settings of a deployment with which no engine can be built. For one thread. */
final class PlanFaults {
    private final List<String> faults = new ArrayList<>();

    /**
     * @param key key of the file
     * @param found its value
     * @param why and what is allowed
     */
    void add(String key, Object found, String why) {
        faults.add(key + " is " + found + ": " + why);
    }

    void add(String fault) {
        faults.add(fault);
    }

    /** Ends the command with all faults, if there are any. */
    void raise() throws CommandException {
        if (!faults.isEmpty()) {
            throw new CommandException(
                    "no engine can be built from this file\n  " + String.join("\n  ", faults));
        }
    }
}
