package dev.weft.settings;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** How the value of a setting is shown, if not unchanged. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Shown {
    How value();

    /** Ways to show a value. */
    enum How {
        /** Constants of an enum by their names, e.g. {@code REMOTE_URL}. */
        BY_NAME,
        /** An address without its password. */
        WITHOUT_PASSWORD,
        /** It is not shown at all. */
        HIDDEN
    }
}
