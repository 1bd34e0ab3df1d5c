package dev.weft.settings;

import java.util.List;

/** A record of settings whose values depend on each other, or on the outside. */
public interface Consistent {
    /**
     * Reports the faults of the record.
     *
     * @param all the records that were read with it
     */
    void check(Faults faults, BoundSettings all);

    /**
     * Reports the files and folders that the record names and that can't be used. Called only in a
     * process that opens them: other services read the same file elsewhere.
     *
     * @param all the records that were read with it
     */
    default void checkFiles(Faults faults, BoundSettings all) {}

    /** Takes the faults of one record's values. */
    @FunctionalInterface
    interface Faults {
        /**
         * Adds one fault.
         *
         * @param names of the setting below the record's own, in kebab case
         * @param message the value there and the allowed ones
         */
        void add(List<String> names, String message);

        /** Adds one fault of a setting of the record itself. */
        default void add(String name, String message) {
            add(List.of(name), message);
        }
    }
}
