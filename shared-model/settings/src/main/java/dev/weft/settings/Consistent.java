package dev.weft.settings;

import java.util.List;

/** A record of settings whose values depend on each other, or on what is outside. */
public interface Consistent {
    /** Tells of what is wrong with it. */
    void check(Faults faults);

    /** Takes what is wrong with the values of one record. */
    @FunctionalInterface
    interface Faults {
        /**
         * One fault.
         *
         * @param names of the setting below the record's own, in kebab case
         * @param message what stands there and what is allowed
         */
        void add(List<String> names, String message);

        /** One fault of a setting of the record itself. */
        default void add(String name, String message) {
            add(List.of(name), message);
        }
    }
}
